-- Lease due channels and say which card of each to draw now.
-- KEYS: due channels, trouble. ARGV: prefix of the marks' keys, now (ms), token, lease (ms), how many, far ahead (ms).
-- What waits for longer than far ahead was put there by a clock that was ahead: it is due.
-- Returns {channel, mark, generation, failures, trouble} for each, flat.
local prefix, now, far, answer = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[2]) + tonumber(ARGV[6]), {}
local due = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", now, "LIMIT", 0, 200)
for _, channel in ipairs(redis.call("ZRANGEBYSCORE", KEYS[1], far, "+inf", "LIMIT", 0, 200)) do due[#due + 1] = channel end
for _, channel in ipairs(due) do
  if #answer >= 5 * tonumber(ARGV[5]) then break end
  local key = prefix .. channel
  if redis.call("PTTL", key .. ":lease") > tonumber(ARGV[4]) then redis.call("DEL", key .. ":lease") end
  local first = redis.call("ZRANGE", key, 0, 0, "WITHSCORES")
  if #first == 0 then
    redis.call("ZREM", KEYS[1], channel)
  elseif tonumber(first[2]) >= now + 1 and tonumber(first[2]) < far then
    redis.call("ZADD", KEYS[1], first[2], channel)
  elseif redis.call("SET", key .. ":lease", ARGV[3], "NX", "PX", ARGV[4]) then
    redis.call("ZADD", KEYS[1], now + tonumber(ARGV[4]), channel)
    answer[#answer + 1] = channel
    answer[#answer + 1] = first[1]
    answer[#answer + 1] = redis.call("HGET", key .. ":generation", first[1]) or "0"
    answer[#answer + 1] = redis.call("HGET", key .. ":failures", first[1]) or "0"
    answer[#answer + 1] = redis.call("HGET", KEYS[2], channel) or "0"
  end
end
return answer
