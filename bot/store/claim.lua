-- Take up to `limit` deliveries whose attention is due, fenced and leased, in one go.
-- KEYS[1] the due index. ARGV: record key prefix, lease in ms, limit, reconcile lease in ms.
-- planned or claimed (its lease ran out) -> claimed; wire (its lease ran out) stays wire and is to be reconciled.
-- Anything else in the index has no business there and leaves it. Returns {id, state as found, fence, ...}.
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local ids = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", now, "LIMIT", 0, tonumber(ARGV[3]))
local taken = {}
for _, id in ipairs(ids) do
  local key = ARGV[1] .. id
  local state = redis.call("HGET", key, "state")
  local lease = state == "wire" and tonumber(ARGV[4]) or tonumber(ARGV[2])
  if state == "planned" or state == "claimed" or state == "wire" then
    if state == "planned" then redis.call("HSET", key, "state", "claimed") end
    local fence = redis.call("HINCRBY", key, "fence", 1)
    redis.call("HINCRBY", key, "v", 1)
    redis.call("HSET", key, "attention", tostring(now + lease))
    redis.call("ZADD", KEYS[1], now + lease, id)
    taken[#taken + 1] = id
    taken[#taken + 1] = state
    taken[#taken + 1] = tostring(fence)
  else
    redis.call("ZREM", KEYS[1], id)
  end
end
return taken
