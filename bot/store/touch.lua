-- Mark cards as needing to be drawn, and their channels as due.
-- KEYS: due channels, sequence, pace. ARGV: prefix of the marks' keys, now (ms), far ahead (ms), then channel and mark,
-- again and again. A pause beyond far ahead is another clock's, and void.
-- A mark keeps its place in the line when it is touched again; its generation tells a touch from an older one.
local prefix, now = ARGV[1], tonumber(ARGV[2])
for n = 4, #ARGV, 2 do
  local channel, mark = ARGV[n], ARGV[n + 1]
  local generation = redis.call("INCR", KEYS[2])
  local place = string.format("%.3f", now + (generation % 1000) / 1000)
  redis.call("ZADD", prefix .. channel, "NX", place, mark)
  redis.call("HSET", prefix .. channel .. ":generation", mark, generation)
  redis.call("HDEL", prefix .. channel .. ":failures", mark)
  local pace = tonumber(redis.call("HGET", KEYS[3], channel) or "0")
  local ready = pace < now + tonumber(ARGV[3]) and math.max(now, pace) or now
  redis.call("ZADD", KEYS[1], "LT", ready, channel)
end
return #ARGV
