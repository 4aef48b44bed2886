using System.Text.Json.Nodes;

namespace SchemaStream.Json.Tests.Properties;

/// <summary>Values that are likely to be valid under a schema, and often at the edge of being so.</summary>
internal sealed class RandomData(Random random, RandomSchemas schemas, JsonObject root)
{
    public JsonNode? Of(JsonNode? schema, int depth = 0)
    {
        if (schema is not JsonObject demands || depth > 8)
        {
            return Anything(depth);
        }

        if (demands["$ref"] is { } reference)
        {
            return Of(Target(reference.ToString()), depth + 1);
        }

        if (demands["const"] is { } constant)
        {
            return constant.DeepClone();
        }

        if (demands["enum"] is JsonArray { Count: > 0 } values)
        {
            return Pick(values)?.DeepClone();
        }

        foreach (var keyword in new[] { "anyOf", "oneOf", "allOf" })
        {
            if (demands[keyword] is JsonArray { Count: > 0 } parts)
            {
                return Of(Pick(parts), depth + 1);
            }
        }

        if (demands["if"] is { } condition)
        {
            return Of(random.Next(3) switch { 0 => condition, 1 => demands["then"], _ => demands["else"] }, depth + 1);
        }

        var type = demands["type"] is JsonArray types ? Pick(types)!.ToString()
            : demands["type"]?.ToString() ?? TypeOf(demands);
        return Typed(type, demands, depth);
    }

    public JsonNode? Anything(int depth) => random.Next(10) switch
    {
        0 => null,
        1 when depth < 3 => new JsonObject { [RandomSchemas.Names[random.Next(RandomSchemas.Names.Length)]] = Anything(depth + 1), ["z"] = Anything(depth + 1) },
        2 when depth < 3 => new JsonArray(Anything(depth + 1), Anything(depth + 1)),
        _ => schemas.Value(),
    };

    private static string TypeOf(JsonObject demands) =>
        demands.Any(member => member.Key is "properties" or "required" or "additionalProperties" or "patternProperties") ? "object"
        : demands.Any(member => member.Key is "items" or "prefixItems" or "minItems" or "contains" or "uniqueItems") ? "array"
        : demands.Any(member => member.Key is "minimum" or "maximum" or "multipleOf" or "exclusiveMinimum") ? "number"
        : demands.Any(member => member.Key is "minLength" or "maxLength" or "pattern") ? "string" : "anything";

    private JsonNode? Typed(string type, JsonObject demands, int depth) => type switch
    {
        "string" => Text(demands),
        "integer" => Math.Round(Number(demands)),
        "number" => Number(demands),
        "boolean" => random.Next(2) == 0,
        "null" => null,
        "object" => Object(demands, depth),
        "array" => Array(demands, depth),
        _ => Anything(depth),
    };

    private JsonValue Text(JsonObject demands)
    {
        var (least, most) = (Int(demands, "minLength") ?? 0, Int(demands, "maxLength") ?? 12);
        var fitting = RandomSchemas.Texts.Where(text => text.Length >= least && text.Length <= most).ToArray();
        return JsonValue.Create(fitting.Length == 0 ? new string('a', least) : fitting[random.Next(fitting.Length)]);
    }

    private decimal Number(JsonObject demands)
    {
        var least = Int(demands, "minimum") ?? Int(demands, "exclusiveMinimum") ?? -9;
        var most = Int(demands, "maximum") ?? 12;
        var step = demands["multipleOf"]?.GetValue<decimal>() ?? 0.5m;
        return random.Next(4) switch
        {
            0 => Math.Ceiling(least / step) * step,
            1 => Math.Floor(most / step) * step,
            _ => Math.Round(random.Next(least, Math.Max(least, most) + 1) / step) * step,
        };
    }

    private JsonObject Object(JsonObject demands, int depth)
    {
        var value = new JsonObject();
        var properties = demands["properties"] as JsonObject ?? [];
        var required = (demands["required"] as JsonArray)?.Select(name => name!.ToString()).ToArray() ?? [];
        foreach (var name in RandomSchemas.Names.Append("z"))
        {
            var isNamed = properties.ContainsKey(name);
            if (required.Contains(name) || random.Next(isNamed ? 2 : 5) == 0)
            {
                value[name] = isNamed ? Of(properties[name], depth + 1) : Rest(demands, name, depth);
            }
        }

        return value;
    }

    private JsonNode? Rest(JsonObject demands, string name, int depth)
    {
        foreach (var (pattern, schema) in demands["patternProperties"] as JsonObject ?? [])
        {
            if (System.Text.RegularExpressions.Regex.IsMatch(name, pattern))
            {
                return Of(schema, depth + 1);
            }
        }

        return Of(demands["additionalProperties"] ?? demands["unevaluatedProperties"], depth + 1);
    }

    private JsonArray Array(JsonObject demands, int depth)
    {
        var tuple = demands["prefixItems"] as JsonArray ?? demands["items"] as JsonArray;
        var rest = tuple is null ? demands["items"]
            : demands["prefixItems"] is null ? demands["additionalItems"] : demands["items"];
        var count = random.Next(Int(demands, "minItems") ?? 0, Math.Max(Int(demands, "minItems") ?? 0, Int(demands, "maxItems") ?? 4) + 1);
        var value = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            value.Add(tuple is not null && i < tuple.Count ? Of(tuple[i], depth + 1)
                : demands["contains"] is { } wanted && random.Next(2) == 0 ? Of(wanted, depth + 1)
                : Of(rest, depth + 1));
        }

        return value;
    }

    private JsonNode? Target(string reference)
    {
        var steps = reference.Split('/');
        return (root[steps[1]] as JsonObject)?[steps[2]];
    }

    private static int? Int(JsonObject demands, string keyword) =>
        demands[keyword] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private JsonNode? Pick(JsonArray values) => values[random.Next(values.Count)];
}
