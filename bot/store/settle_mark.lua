-- After a card was drawn, or was not: forget its mark or put it back, keep the channel's pace, give the lease back.
-- KEYS: due channels, sequence, pace, trouble, debt, aside.
-- ARGV: prefix of the marks' keys, now (ms), token, channel, mark, generation, verdict, again at (ms, 0: in its place), cost (ms),
-- allowance (ms), pause until (ms), reason, far ahead (ms): a debt or a pause beyond it is another clock's, and void.
-- verdict: done, again, failed or aside. A pause is trouble unless reason is "".
-- The channel's debt is when everything sent so far would be over at its pace; it may run ahead by the allowance.
local prefix, now, token, channel, mark = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
local verdict, cost, pause = ARGV[7], tonumber(ARGV[9]), tonumber(ARGV[11])
local key = prefix .. channel
local function since(what)
  local at = tonumber(redis.call("HGET", what, channel) or "0")
  return at < now + tonumber(ARGV[13]) and at or 0
end
local held = redis.call("GET", key .. ":lease") == token
local touched = redis.call("HGET", key .. ":generation", mark) ~= ARGV[6]

if verdict == "done" or verdict == "aside" then
  if touched then
    local generation = redis.call("INCR", KEYS[2])
    redis.call("ZADD", key, "XX", string.format("%.3f", now + (generation % 1000) / 1000), mark)
  else
    redis.call("ZREM", key, mark)
    redis.call("HDEL", key .. ":generation", mark)
  end
  redis.call("HDEL", key .. ":failures", mark)
  if verdict == "aside" then redis.call("HSET", KEYS[6], channel .. " " .. mark, ARGV[12]) end
else
  if ARGV[8] ~= "0" then redis.call("ZADD", key, "XX", ARGV[8], mark) end
  if verdict == "failed" then redis.call("HINCRBY", key .. ":failures", mark, 1) end
end

local ready = now
if cost > 0 then
  local debt = math.max(now, since(KEYS[5])) + cost
  redis.call("HSET", KEYS[5], channel, debt)
  ready = debt - tonumber(ARGV[10])
  redis.call("HDEL", KEYS[4], channel)
end
if pause > 0 then
  ready = pause
  if ARGV[12] ~= "" then redis.call("HINCRBY", KEYS[4], channel, 1) end
end
if cost > 0 or pause > 0 then redis.call("HSET", KEYS[3], channel, ready) end
ready = math.max(ready, since(KEYS[3]))

if not held then return 0 end
redis.call("DEL", key .. ":lease")
local first = redis.call("ZRANGE", key, 0, 0, "WITHSCORES")
if #first == 0 then
  redis.call("ZREM", KEYS[1], channel)
else
  redis.call("ZADD", KEYS[1], math.max(ready, tonumber(first[2])), channel)
end
return 1
