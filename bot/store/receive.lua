-- Store a payload once and own it from birth: nobody reads the group with ">", others only take over what is idle.
-- KEYS: seen marker, inbox stream, counters. ARGV: seconds to remember, group, consumer, payload, correlation, at (ms).
-- Returns the entry's id, or "" for one that was seen before.
if not redis.call("SET", KEYS[1], "1", "NX", "EX", ARGV[1]) then
  redis.call("HINCRBY", KEYS[3], "repeated", 1)
  return ""
end
if redis.call("EXISTS", KEYS[2]) == 0 then
  redis.call("XGROUP", "CREATE", KEYS[2], ARGV[2], "0", "MKSTREAM")
end
local id = redis.call("XADD", KEYS[2], "*", "payload", ARGV[4], "correlation", ARGV[5], "at", ARGV[6])
redis.call("XCLAIM", KEYS[2], ARGV[2], ARGV[3], 0, id, "FORCE", "JUSTID", "LASTID", id)
redis.call("HINCRBY", KEYS[3], "received", 1)
return id
