-- All or nothing, and once: check versions, fields, absences and the deadline; then run every command; then write down.
-- KEYS: one of the workspace, audit (the record's stream), audit head, the commit's name. A commit that was done is known
-- by its name for a minute: asked again, it answers the same and does nothing.
-- ARGV is flat: until_ms n_fields (key field want)* n_least (key field number)* n_absent key* deadline_ms
-- known number hash n_entries (entry n_topics topic*)* n_commands (argc arg*)*.
-- until_ms: later than this nobody waits for the answer, and nothing is done. A field that is missing counts as "", and
-- as 0 where a number is the least. A deadline of 0 means none; the clock is the server's.
-- The record: each entry gets the next number and a hash over the one before (SHA-1, scripts have no other), here where
-- nobody comes between, so it has neither gaps nor forks. Its topics are sorted sets that find it. `known`, `number`,
-- `hash`: with how many entries, and from where, a record without a head is taken over.
-- Returns {"ok", now_ms, the record's last number}, or having changed nothing {"late", now_ms}, {"conflict", key, field},
-- {"unchained", how many entries}, {"chained"} for one that takes over a record that somebody took over before.
local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end

local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local clock = string.format("%.3f", now)
if redis.call("EXISTS", KEYS[4]) == 1 then
  return { "ok", clock, redis.call("HGET", KEYS[3], "number") or "0" }
end
if now > tonumber(take()) then return { "late", clock, "" } end

for _ = 1, tonumber(take()) do
  local key, field, want = take(), take(), take()
  local have = redis.call("HGET", key, field) or ""
  if have ~= want then return { "conflict", key, field } end
end
for _ = 1, tonumber(take()) do
  local key, field, least = take(), take(), tonumber(take())
  if tonumber(redis.call("HGET", key, field) or "0") < least then return { "conflict", key, field } end
end
for _ = 1, tonumber(take()) do
  local key = take()
  if redis.call("EXISTS", key) == 1 then return { "conflict", key, "" } end
end
local deadline = tonumber(take())
if deadline > 0 and now > deadline then return { "conflict", "deadline", "" } end

local known, number, hash = take(), tonumber(take()), take()
local entries = {}
for n = 1, tonumber(take()) do
  local entry = { text = take(), topics = {} }
  for topic = 1, tonumber(take()) do entry.topics[topic] = take() end
  entries[n] = entry
end
if #entries > 0 then
  local last = redis.call("HMGET", KEYS[3], "number", "hash")
  if last[1] then
    if known ~= "0" then return { "chained", "", "" } end
    number, hash = tonumber(last[1]), last[2]
  else
    local there = tostring(redis.call("XLEN", KEYS[2]))
    if there ~= known then return { "unchained", there, "" } end
  end
end

for _ = 1, tonumber(take()) do
  local command = {}
  for n = 1, tonumber(take()) do command[n] = take() end
  redis.call(unpack(command))
end

for _, entry in ipairs(entries) do
  number = number + 1
  local written = string.format("%d", number)
  hash = redis.sha1hex(hash .. "\n" .. written .. "\n" .. redis.sha1hex(entry.text))
  local id = redis.call("XADD", KEYS[2], "*", "entry", entry.text, "n", written, "h", hash)
  for _, topic in ipairs(entry.topics) do redis.call("ZADD", topic, written, id) end
end
if #entries > 0 then redis.call("HSET", KEYS[3], "number", string.format("%d", number), "hash", hash) end
redis.call("SET", KEYS[4], "1", "PX", 60000)
return { "ok", clock, redis.call("HGET", KEYS[3], "number") or "0" }
