-- Put a newly sealed text in the place of an old one, unless what is there changed since it was read.
-- KEYS: the key. ARGV: kind (text, field, entry), field or entry's id, what is there, what takes its place, group,
-- milliseconds without a sign of life after which nobody works on an entry any more.
-- Returns "done", "changed" or "busy".
local kind, field, old, new = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if kind == "text" then
  if redis.call("GET", KEYS[1]) ~= old then return "changed" end
  redis.call("SET", KEYS[1], new, "KEEPTTL")
  return "done"
elseif kind == "field" then
  if redis.call("HGET", KEYS[1], field) ~= old then return "changed" end
  redis.call("HSET", KEYS[1], field, new)
  -- whoever loaded this record before must load it again, or would write the old text back
  if redis.call("HEXISTS", KEYS[1], "v") == 1 then redis.call("HINCRBY", KEYS[1], "v", 1) end
  return "done"
end
local entry = redis.call("XRANGE", KEYS[1], field, field)[1]
if not entry then return "changed" end
local fields = entry[2]
for n = 1, #fields, 2 do
  if fields[n] == "payload" then
    if fields[n + 1] ~= old then return "changed" end
    fields[n + 1] = new
  end
end
local pending = false
if #redis.call("XINFO", "GROUPS", KEYS[1]) > 0 then
  pending = redis.call("XPENDING", KEYS[1], ARGV[5], field, field, 1)[1]
end
-- whoever works on it removes it in a moment; one that was left behind keeps its owner and its count
if pending and pending[3] < tonumber(ARGV[6]) then return "busy" end
local id = redis.call("XADD", KEYS[1], "*", unpack(fields))
if pending then
  -- nobody reads the inbox for what is new, so its newest id may move on; elsewhere that would skip what wasn't read yet
  if string.find(KEYS[1], "}:inbox", 1, true) then
    redis.call("XCLAIM", KEYS[1], ARGV[5], pending[2], 0, id, "IDLE", pending[3], "RETRYCOUNT", pending[4], "FORCE",
      "JUSTID", "LASTID", id)
  end
  redis.call("XACK", KEYS[1], ARGV[5], field)
end
redis.call("XDEL", KEYS[1], field)
return "done"
