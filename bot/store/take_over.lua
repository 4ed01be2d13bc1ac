-- Take over entries that nobody has refreshed for a while; one that was taken too often is set aside.
-- KEYS: inbox stream, stream of what was set aside. ARGV: group, consumer, idle ms, how many, most deliveries.
-- XPENDING and XCLAIM rather than XAUTOCLAIM, because the count must be read before the entry is claimed.
-- Returns {verdict, id, payload, correlation, at} for each, flat; verdict is "mine" or "aside".
local answer = {}
if redis.call("EXISTS", KEYS[1]) == 0 then return answer end
for _, found in ipairs(redis.call("XPENDING", KEYS[1], ARGV[1], "IDLE", ARGV[3], "-", "+", ARGV[4])) do
  local id, times = found[1], found[4]
  local entry = redis.call("XRANGE", KEYS[1], id, id)[1]
  if not entry then
    redis.call("XACK", KEYS[1], ARGV[1], id)
  else
    local fields = {}
    for n = 1, #entry[2], 2 do fields[entry[2][n]] = entry[2][n + 1] end
    local verdict = "mine"
    if times >= tonumber(ARGV[5]) then
      verdict = "aside"
      redis.call("XADD", KEYS[2], "*", "payload", fields.payload, "correlation", fields.correlation, "at", fields.at)
      redis.call("XACK", KEYS[1], ARGV[1], id)
      redis.call("XDEL", KEYS[1], id)
    else
      redis.call("XCLAIM", KEYS[1], ARGV[1], ARGV[2], 0, id)
    end
    for _, part in ipairs({ verdict, id, fields.payload, fields.correlation, fields.at }) do
      answer[#answer + 1] = part
    end
  end
end
return answer
