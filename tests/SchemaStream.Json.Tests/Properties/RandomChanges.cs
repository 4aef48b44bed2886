using System.Text.Json.Nodes;

namespace SchemaStream.Json.Tests.Properties;

/// <summary>Changes a schema here and there, as people do: a little wider, a little narrower, something else.</summary>
internal sealed class RandomChanges(Random random, RandomSchemas schemas)
{
    private static readonly string[] Bounds =
    [
        "minLength", "maxLength", "minimum", "maximum", "minProperties", "maxProperties", "minItems", "maxItems",
        "minContains", "maxContains", "exclusiveMinimum", "multipleOf",
    ];

    private static readonly string[] Droppable =
    [
        .. Bounds, "pattern", "uniqueItems", "enum", "const", "type", "items", "prefixItems", "contains", "required",
        "additionalProperties", "unevaluatedProperties", "patternProperties", "propertyNames", "dependencies",
        "dependentRequired", "not", "default", "exclusiveMaximum",
    ];

    public JsonObject Changed(JsonObject original)
    {
        while (true)
        {
            var update = (JsonObject)original.DeepClone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var nodes = Schemas(update).ToArray();
                Change(nodes[random.Next(nodes.Length)]);
            }

            if (Schemas(update).All(schema => HasDisjointAlternatives(schema) && IsOfDraft4(schema)))
            {
                return update;
            }
        }
    }

    /// <summary>The schema and those within it.</summary>
    private static IEnumerable<JsonObject> Schemas(JsonObject schema)
    {
        yield return schema;
        foreach (var (keyword, value) in schema)
        {
            IEnumerable<JsonNode?> inner = keyword switch
            {
                "properties" or "patternProperties" or "$defs" or "definitions" => ((JsonObject)value!).Select(member => member.Value),
                "allOf" or "anyOf" or "oneOf" or "prefixItems" => (JsonArray)value!,
                "items" when value is JsonArray tuple => tuple,
                "items" or "additionalItems" or "additionalProperties" or "unevaluatedProperties" or "contains" or "not"
                    or "if" or "then" or "else" => [value],
                _ => [],
            };
            foreach (var found in inner.OfType<JsonObject>().SelectMany(Schemas))
            {
                yield return found;
            }
        }
    }

    private static bool HasDisjointAlternatives(JsonObject schema)
    {
        if (schema["oneOf"] is not JsonArray parts)
        {
            return true;
        }

        var types = parts.Select(part => (part as JsonObject)?["type"] is JsonValue type ? type.ToString() : null).ToArray();
        return types.All(type => type is not null)
            && types.Select(type => type == "integer" ? "number" : type).Distinct().Count() == types.Length;
    }

    /// <summary>In draft 4 a flag that a maximum is exclusive is nothing without the maximum, and ajv refuses it.</summary>
    private static bool IsOfDraft4(JsonObject schema) =>
        schema["exclusiveMaximum"] is not JsonValue flag || !flag.TryGetValue<bool>(out _) || schema["maximum"] is not null;

    private void Change(JsonObject schema)
    {
        switch (random.Next(8))
        {
            case 0 or 1 when schema.Count > 0:
                Drop(schema);
                break;
            case 2 or 3:
                Move(schema);
                break;
            case 4:
                Properties(schema);
                break;
            case 5:
                Lists(schema);
                break;
            case 6 when random.Next(3) == 0:
                Replace(schema, schemas.Schema(1, Defaults.None));
                break;
            case 7 when schema["type"] is JsonValue type:
                schema["type"] = type.ToString() switch
                {
                    "integer" => "number",
                    "number" => "integer",
                    "null" => new JsonArray("null", "string"),
                    var other => new JsonArray(other, "null"),
                };
                break;
            default:
                schema["title"] = "changed";
                break;
        }
    }

    private void Drop(JsonObject schema)
    {
        var keywords = schema.Select(member => member.Key).Where(Droppable.Contains).ToArray();
        if (keywords.Length > 0)
        {
            schema.Remove(keywords[random.Next(keywords.Length)]);
        }
    }

    private void Move(JsonObject schema)
    {
        foreach (var keyword in Bounds.Where(keyword => schema[keyword] is not null))
        {
            if (keyword == "multipleOf")
            {
                schema[keyword] = schema[keyword]!.GetValue<decimal>() * (random.Next(2) == 0 ? 2m : 0.5m);
                continue;
            }

            var least = keyword is "minimum" or "maximum" or "exclusiveMinimum" ? -9 : 0;
            if (schema[keyword] is JsonValue bound && bound.TryGetValue<int>(out var number))
            {
                schema[keyword] = Math.Max(least, number + random.Next(-1, 2));
            }
        }

        if (schema["enum"] is JsonArray values && random.Next(2) == 0)
        {
            var extra = schemas.Value().ToJsonString();
            if (values.All(value => value!.ToJsonString() != extra))
            {
                values.Add(JsonNode.Parse(extra));
            }
        }
    }

    private void Properties(JsonObject schema)
    {
        if (schema["type"] is not JsonValue type || type.ToString() != "object")
        {
            return;
        }

        var properties = schema["properties"] as JsonObject ?? [];
        schema["properties"] = properties.Parent is null ? properties : properties.DeepClone();
        properties = (JsonObject)schema["properties"]!;
        var name = RandomSchemas.Names[random.Next(RandomSchemas.Names.Length)];
        switch (random.Next(4))
        {
            case 0:
                properties.Remove(name);
                break;
            case 1 when properties[name] is null:
                properties[name] = schemas.Part(1, Defaults.None);
                break;
            case 2 when schema["required"] is JsonArray { Count: > 1 } required:
                required.RemoveAt(random.Next(required.Count));
                break;
            default:
                schema["additionalProperties"] = random.Next(3) switch
                {
                    0 => false,
                    1 => true,
                    _ => schemas.Schema(0, Defaults.None),
                };
                break;
        }
    }

    private void Lists(JsonObject schema)
    {
        foreach (var keyword in new[] { "anyOf", "oneOf", "allOf", "prefixItems", "items" })
        {
            if (schema[keyword] is not JsonArray parts)
            {
                continue;
            }

            switch (random.Next(4))
            {
                case 0 when parts.Count > 1:
                    parts.RemoveAt(random.Next(parts.Count));
                    break;
                case 1:
                    parts.Add(schemas.Typed(random.Next(2) == 0 ? "boolean" : "string", 1, Defaults.None));
                    break;
                case 2 when keyword is "oneOf" or "allOf" && schema["anyOf"] is null:
                    schema["anyOf"] = parts.DeepClone();
                    schema.Remove(keyword);
                    break;
                default:
                    var first = parts[0]!.DeepClone();
                    parts.RemoveAt(0);
                    parts.Add(first);
                    break;
            }

            return;
        }
    }

    private static void Replace(JsonObject schema, JsonObject other)
    {
        foreach (var keyword in schema.Select(member => member.Key).Where(key => key is not ("$defs" or "definitions" or "$schema")).ToArray())
        {
            schema.Remove(keyword);
        }

        foreach (var (keyword, value) in other)
        {
            schema[keyword] = value?.DeepClone();
        }
    }
}
