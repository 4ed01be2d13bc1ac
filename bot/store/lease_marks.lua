-- Lease due channels and say which card of each to draw now.
-- KEYS: due channels, trouble. ARGV: prefix of the marks' keys, now (ms), token, lease (ms), how many.
-- Returns {channel, mark, generation, failures, trouble} for each, flat.
local prefix, now, answer = ARGV[1], tonumber(ARGV[2]), {}
for _, channel in ipairs(redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", now, "LIMIT", 0, 200)) do
  if #answer >= 5 * tonumber(ARGV[5]) then break end
  local key = prefix .. channel
  local first = redis.call("ZRANGE", key, 0, 0, "WITHSCORES")
  if #first == 0 then
    redis.call("ZREM", KEYS[1], channel)
  elseif tonumber(first[2]) >= now + 1 then
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
