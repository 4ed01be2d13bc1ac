-- All or nothing: check versions, fields, absences and the deadline; then run every command.
-- ARGV is flat: n_fields (key field want)* n_absent key* deadline_ms n_commands (argc arg*)*.
-- A field that is missing counts as "". A deadline of 0 means none; the clock is the server's.
-- Returns {"ok"} or {"conflict", key} having changed nothing.
local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end

for _ = 1, tonumber(take()) do
  local key, field, want = take(), take(), take()
  local have = redis.call("HGET", key, field) or ""
  if have ~= want then return { "conflict", key, field } end
end
for _ = 1, tonumber(take()) do
  local key = take()
  if redis.call("EXISTS", key) == 1 then return { "conflict", key, "" } end
end
local deadline = tonumber(take())
if deadline > 0 then
  local now = redis.call("TIME")
  if tonumber(now[1]) * 1000 + tonumber(now[2]) / 1000 > deadline then return { "conflict", "deadline", "" } end
end
for _ = 1, tonumber(take()) do
  local command = {}
  for n = 1, tonumber(take()) do command[n] = take() end
  redis.call(unpack(command))
end
return { "ok", "", "" }
