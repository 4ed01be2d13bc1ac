-- Find what is sealed among some keys, whatever kind of thing each is.
-- KEYS: keys of one workspace; ARGV: the group of the inbox.
-- Returns {kind, key, field, name of the key that sealed it}, flat; kind is "text", "field" or "entry", and field the
-- hash's field or the entry's id.
local found = {}
local function note(kind, key, field, value, before)
  local name = string.match(value, before .. "v1%.(%x%x%x%x%x%x%x%x)%.[%w+/]")
  if name then
    for _, part in ipairs({ kind, key, field, name }) do found[#found + 1] = part end
  end
end
for _, key in ipairs(KEYS) do
  local kind = redis.call("TYPE", key).ok
  if kind == "string" then
    note("text", key, "", redis.call("GETRANGE", key, 0, 15), "^")
  elseif kind == "hash" then
    -- in a record only its own member: what a person typed stands there with its quotes escaped
    for field, before in pairs({ d = '"sealed":"', body = "^" }) do
      local value = redis.call("HGET", key, field)
      if value then note("field", key, field, value, before) end
    end
  elseif kind == "stream" and (string.find(key, "}:inbox", 1, true) or string.find(key, "}:arrivals", 1, true)) then
    for _, entry in ipairs(redis.call("XRANGE", key, "-", "+")) do
      for n = 1, #entry[2], 2 do
        if entry[2][n] == "payload" then note("entry", key, entry[1], entry[2][n + 1], "^") end
      end
    end
  end
end
return found
