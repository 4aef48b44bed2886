using System.Text.Json.Nodes;

namespace SchemaStream.Json.Tests.Properties;

/// <summary>
/// Schemas at random. Alternatives of a oneOf are of different types: the rules let alternatives be added to a oneOf,
/// which presumes that no value is of two of them.
/// </summary>
internal sealed class RandomSchemas(Random random, JsonSchemaDraft draft)
{
    private static readonly string[] Types = ["string", "number", "integer", "boolean", "null", "object", "array"];
    private static readonly string[] Disjoint = ["string", "number", "boolean", "null", "object", "array"];

    public static readonly string[] Names = ["a", "b", "x_1", "x_2", "y"];
    public static readonly string[] Texts = ["", "a", "ab", "abc", "b", "x1", "long enough", "ü"];
    public static readonly string[] Patterns = ["^a", "b$", "^[a-z]+$", "."];
    public static readonly string[] NamePatterns = ["^x_", "y", "^[ab]$"];

    private bool Modern => draft >= JsonSchemaDraft.Draft201909;

    private string Definitions => Modern ? "$defs" : "definitions";

    public JsonObject Root()
    {
        var schema = Schema(3, Defaults.Allowed);
        if (schema["$ref"] is null)
        {
            schema[Definitions] = new JsonObject
            {
                ["d0"] = Schema(2, Defaults.None),
                ["d1"] = Schema(1, Defaults.None),
            };
        }

        return schema;
    }

    public JsonObject Schema(int depth, Defaults defaults)
    {
        switch (random.Next(depth > 0 ? 16 : 7))
        {
            case 0:
                return [];
            case 1:
                return new JsonObject { ["enum"] = Values() };
            case 2 when draft != JsonSchemaDraft.Draft4:
                return new JsonObject { ["const"] = Value() };
            case 7:
                return Combined(depth, "anyOf", Types);
            case 8:
                return Combined(depth, "oneOf", Disjoint);
            case 9:
                return new JsonObject { ["allOf"] = new JsonArray(Schema(depth - 1, Defaults.None), Schema(depth - 1, Defaults.None)) };
            case 10:
                return new JsonObject { ["not"] = Schema(depth - 1, Defaults.None) };
            case 11:
                return new JsonObject { ["type"] = new JsonArray(Pick("string", "integer"), Pick("null", "boolean")) };
            case 12 when draft >= JsonSchemaDraft.Draft7:
                return new JsonObject
                {
                    ["if"] = Schema(depth - 1, Defaults.None),
                    ["then"] = Schema(depth - 1, Defaults.None),
                    ["else"] = Schema(depth - 1, Defaults.None),
                };
            case 13:
                return Typed("object", depth, defaults);
            default:
                return Typed(Pick(Types), depth, defaults);
        }
    }

    public JsonObject Typed(string type, int depth, Defaults defaults)
    {
        var schema = new JsonObject();
        if (random.Next(8) > 0)
        {
            schema["type"] = type;
        }

        switch (type)
        {
            case "string":
                Maybe(schema, "minLength", () => random.Next(4));
                Maybe(schema, "maxLength", () => random.Next(1, 9));
                Maybe(schema, "pattern", () => Pick(Patterns));
                break;
            case "number" or "integer":
                FillNumber(schema);
                break;
            case "object":
                FillObject(schema, depth, defaults);
                break;
            case "array":
                FillArray(schema, depth);
                break;
            default:
                break;
        }

        return schema;
    }

    /// <summary>A schema to stand as a part of another: sometimes a reference.</summary>
    public JsonNode Part(int depth, Defaults defaults)
    {
        if (depth <= 2 && random.Next(8) == 0)
        {
            return new JsonObject { ["$ref"] = $"#/{Definitions}/d{random.Next(2)}" };
        }

        return draft != JsonSchemaDraft.Draft4 && random.Next(20) == 0
            ? JsonValue.Create(random.Next(3) > 0)
            : Schema(depth - 1, defaults);
    }

    public JsonNode Value() => random.Next(8) switch
    {
        0 => JsonValue.Create(Pick(Texts)),
        1 => JsonValue.Create(random.Next(-3, 6)),
        2 => JsonValue.Create(random.Next(-6, 12) / 2m),
        3 => JsonValue.Create(random.Next(2) == 0),
        4 => new JsonArray(Pick(Texts), random.Next(3)),
        5 => new JsonObject { [Pick(Names)] = Pick(Texts) },
        _ => JsonValue.Create(Pick(Texts)),
    };

    private void FillNumber(JsonObject schema)
    {
        Maybe(schema, "minimum", () => random.Next(-5, 3));
        Maybe(schema, "maximum", () => random.Next(0, 9));
        Maybe(schema, "multipleOf", () => Pick(1m, 2m, 0.5m, 4m, 3m));
        if (draft != JsonSchemaDraft.Draft4)
        {
            Maybe(schema, "exclusiveMinimum", () => random.Next(-5, 3));
            return;
        }

        if (schema["maximum"] is not null)
        {
            Maybe(schema, "exclusiveMaximum", () => random.Next(2) == 0);
        }
    }

    private void FillObject(JsonObject schema, int depth, Defaults defaults)
    {
        var properties = new JsonObject();
        foreach (var name in Names.Where(_ => random.Next(2) == 0))
        {
            var part = Part(depth, defaults);
            if (defaults == Defaults.Allowed && part is JsonObject property && property["$ref"] is null && random.Next(4) == 0)
            {
                // Of any kind: the registry does not look whether it fits, so one that fits is chosen below.
                property["enum"] = new JsonArray("a", 1);
                property.Remove("type");
                foreach (var keyword in property.Select(member => member.Key).Where(key => key != "enum").ToArray())
                {
                    property.Remove(keyword);
                }

                property["default"] = "a";
            }

            properties[name] = part;
        }

        if (properties.Count > 0)
        {
            schema["properties"] = properties;
        }

        if (random.Next(2) == 0)
        {
            schema["required"] = new JsonArray([.. Names.Where(_ => random.Next(3) == 0).Append("a").Distinct().Select(n => (JsonNode)n)]);
        }

        switch (random.Next(5))
        {
            case < 2:
                schema["additionalProperties"] = false;
                break;
            case 2:
                schema["additionalProperties"] = Schema(0, Defaults.None);
                break;
            case 3 when Modern:
                schema["unevaluatedProperties"] = random.Next(2) == 0 ? false : Schema(0, Defaults.None);
                break;
            default:
                break;
        }

        if (random.Next(4) == 0)
        {
            schema["patternProperties"] = new JsonObject { [Pick(NamePatterns)] = Schema(0, Defaults.None) };
        }

        Maybe(schema, "minProperties", () => random.Next(2));
        Maybe(schema, "maxProperties", () => random.Next(1, 5));
        if (random.Next(6) == 0)
        {
            schema[Modern ? "dependentRequired" : "dependencies"] = new JsonObject { [Pick(Names)] = new JsonArray(Pick(Names)) };
        }

        if (draft != JsonSchemaDraft.Draft4)
        {
            Maybe(schema, "propertyNames", () => new JsonObject { ["maxLength"] = random.Next(1, 4) }, 8);
        }
    }

    private void FillArray(JsonObject schema, int depth)
    {
        if (random.Next(3) == 0)
        {
            var (tuple, rest) = draft == JsonSchemaDraft.Draft202012 ? ("prefixItems", "items") : ("items", "additionalItems");
            schema[tuple] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Part(depth, Defaults.None))]);
            Maybe(schema, rest, () => random.Next(2) == 0 ? Schema(0, Defaults.None)
                : draft == JsonSchemaDraft.Draft202012 || rest == "additionalItems" ? JsonValue.Create(false) : new JsonObject());
        }
        else if (random.Next(2) == 0)
        {
            schema["items"] = Part(depth, Defaults.None);
        }

        Maybe(schema, "minItems", () => random.Next(3));
        Maybe(schema, "maxItems", () => random.Next(1, 5));
        Maybe(schema, "uniqueItems", () => random.Next(2) == 0);
        // Not beside a tuple: ajv 8.20 leaves `contains` out where an array is shorter than its tuple.
        var isTuple = schema["prefixItems"] is not null || schema["items"] is JsonArray;
        if (draft != JsonSchemaDraft.Draft4 && !isTuple && random.Next(5) == 0)
        {
            schema["contains"] = Schema(0, Defaults.None);
            if (Modern)
            {
                Maybe(schema, "minContains", () => random.Next(3));
                Maybe(schema, "maxContains", () => random.Next(1, 4));
            }
        }
    }

    private JsonObject Combined(int depth, string keyword, string[] types)
    {
        var parts = new JsonArray();
        foreach (var type in types.OrderBy(_ => random.Next()).Take(random.Next(1, 4)))
        {
            var part = Typed(type, depth - 1, Defaults.None);
            part["type"] = type;
            parts.Add(part);
        }

        return new JsonObject { [keyword] = parts };
    }

    private JsonArray Values()
    {
        var values = new JsonArray();
        foreach (var text in Enumerable.Range(0, random.Next(1, 5)).Select(_ => Value().ToJsonString()).Distinct())
        {
            values.Add(JsonNode.Parse(text));
        }

        return values;
    }

    private void Maybe(JsonObject schema, string keyword, Func<JsonNode> value, int oneIn = 3)
    {
        if (random.Next(oneIn) == 0)
        {
            schema[keyword] = value();
        }
    }

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}

/// <summary>Whether properties have defaults: a validator fills them in outside of alternatives alone.</summary>
internal enum Defaults
{
    None = 0,
    Allowed = 1,
}
