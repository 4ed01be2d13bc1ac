-- Take up to `limit` deliveries whose attention is due, fenced and leased, in one go.
-- KEYS: the due index; this worker's last answer; the index of what never lies far ahead. ARGV: record key prefix, lease
-- in ms, limit, reconcile lease in ms, the request's name: asked for again because its answer got lost, it is answered
-- again and nothing more is taken; how far is far ahead, in ms.
-- What must not lie so far ahead and does was put there by a clock that was ahead: it is due.
-- planned or claimed (its lease ran out) -> claimed; wire (its lease ran out) stays wire and is to be reconciled; by_hand
-- (the time of whoever was asked to publish it is over) stays that, and becomes missed.
-- Anything else in the index has no business there and leaves it. Returns {id, state as found, fence, ...}.
local last = redis.call("HMGET", KEYS[2], "name", "taken")
if last[1] == ARGV[5] then
  local answer = {}
  for part in string.gmatch(last[2], "%S+") do answer[#answer + 1] = part end
  return answer
end
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local ids = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", now, "LIMIT", 0, tonumber(ARGV[3]))
for _, id in ipairs(redis.call("ZRANGEBYSCORE", KEYS[3], now + tonumber(ARGV[6]), "+inf", "LIMIT", 0, tonumber(ARGV[3]))) do
  ids[#ids + 1] = id
end
local taken = {}
for _, id in ipairs(ids) do
  local key = ARGV[1] .. id
  local state = redis.call("HGET", key, "state")
  local lease = state == "wire" and tonumber(ARGV[4]) or tonumber(ARGV[2])
  if state == "planned" or state == "claimed" or state == "wire" or state == "by_hand" then
    if state == "planned" then redis.call("HSET", key, "state", "claimed") end
    local fence = redis.call("HINCRBY", key, "fence", 1)
    redis.call("HINCRBY", key, "v", 1)
    redis.call("HSET", key, "attention", tostring(now + lease))
    redis.call("ZADD", KEYS[1], now + lease, id)
    redis.call("ZADD", KEYS[3], now + lease, id)
    taken[#taken + 1] = id
    taken[#taken + 1] = state
    taken[#taken + 1] = tostring(fence)
  else
    redis.call("ZREM", KEYS[1], id)
    redis.call("ZREM", KEYS[3], id)
  end
end
if #taken > 0 then
  redis.call("HSET", KEYS[2], "name", ARGV[5], "taken", table.concat(taken, " "))
  redis.call("PEXPIRE", KEYS[2], ARGV[2])
end
return taken
