using System.Text.RegularExpressions;
using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>Whether a keyword's value is one that its edition allows; schemas within it are looked at by themselves.</summary>
internal static class SchemaRules
{
    /// <summary>What is wrong with a value; null if nothing is.</summary>
    public static string? Check(KeywordValue kind, JsonValue value, JsonSchemaDraft draft) => kind switch
    {
        KeywordValue.Schema => IsSchema(value, draft) ? null : Expected(draft == JsonSchemaDraft.Draft4
            ? "an object" : "an object or a boolean", value),
        KeywordValue.BooleanOrSchema => value.IsBoolean || value.IsObject
            ? null : Expected("an object or a boolean", value),
        KeywordValue.SchemaMap => CheckMap(value, draft),
        KeywordValue.PatternMap => CheckMap(value, draft)
            ?? value.Members.Select(member => CheckPattern(member.Name)).FirstOrDefault(problem => problem is not null),
        KeywordValue.SchemaList => CheckList(value, draft),
        KeywordValue.Items => CheckItems(value, draft),
        KeywordValue.Dependencies => CheckDependencies(value, draft),
        KeywordValue.NamesByName => !value.IsObject ? Expected("an object", value)
            : value.Members.Select(member => CheckNames(member.Value, draft)).FirstOrDefault(problem => problem is not null),
        KeywordValue.Names => CheckNames(value, draft),
        KeywordValue.Type => CheckType(value),
        KeywordValue.Number => value.Kind == JsonKind.Number ? null : Expected("a number", value),
        KeywordValue.PositiveNumber => value.Kind == JsonKind.Number && JsonNumber.Parse(value.Text) > JsonNumber.Zero
            ? null : Expected("a number above zero", value),
        KeywordValue.Count => IsCount(value) ? null : Expected("a whole number from zero", value),
        KeywordValue.BooleanOrNumber => draft == JsonSchemaDraft.Draft4
            ? value.IsBoolean ? null : Expected("a boolean (a number is what draft 6 and later take)", value)
            : value.Kind == JsonKind.Number ? null : Expected("a number (a boolean is what draft 4 takes)", value),
        KeywordValue.Text => value.Kind == JsonKind.String ? null : Expected("a string", value),
        KeywordValue.Pattern => value.Kind == JsonKind.String ? CheckPattern(value.Text) : Expected("a string", value),
        KeywordValue.Boolean => value.IsBoolean ? null : Expected("a boolean", value),
        _ => value.IsArray ? null : Expected("an array", value),
    };

    /// <summary>Whether a value can be a schema at all.</summary>
    public static bool IsSchema(JsonValue value, JsonSchemaDraft draft) =>
        value.IsObject || (value.IsBoolean && draft != JsonSchemaDraft.Draft4);

    private static bool IsCount(JsonValue value) =>
        value.Kind == JsonKind.Number && JsonNumber.Parse(value.Text) is { IsInteger: true, IsNegative: false };

    private static string? CheckMap(JsonValue value, JsonSchemaDraft draft)
    {
        if (!value.IsObject)
        {
            return Expected("an object of schemas", value);
        }

        foreach (var member in value.Members)
        {
            if (!IsSchema(member.Value, draft))
            {
                return $"'{member.Name}': {Expected("a schema", member.Value)}";
            }
        }

        return null;
    }

    private static string? CheckList(JsonValue value, JsonSchemaDraft draft)
    {
        if (!value.IsArray || value.Items.Length == 0)
        {
            return Expected("an array of at least one schema", value);
        }

        return value.Items.FirstOrDefault(item => !IsSchema(item, draft)) is { } other ? Expected("a schema", other) : null;
    }

    private static string? CheckItems(JsonValue value, JsonSchemaDraft draft)
    {
        if (!value.IsArray)
        {
            return IsSchema(value, draft) ? null : Expected("a schema", value);
        }

        return draft == JsonSchemaDraft.Draft202012
            ? "in 2020-12 it is one schema; several of them, place by place, are 'prefixItems'"
            : value.Items.FirstOrDefault(item => !IsSchema(item, draft)) is { } other ? Expected("a schema", other) : null;
    }

    private static string? CheckDependencies(JsonValue value, JsonSchemaDraft draft)
    {
        if (!value.IsObject)
        {
            return Expected("an object", value);
        }

        foreach (var member in value.Members)
        {
            var problem = member.Value.IsArray
                ? CheckNames(member.Value, draft)
                : IsSchema(member.Value, draft) ? null : Expected("a schema or an array of names", member.Value);
            if (problem is not null)
            {
                return $"'{member.Name}': {problem}";
            }
        }

        return null;
    }

    private static string? CheckNames(JsonValue value, JsonSchemaDraft draft)
    {
        if (!value.IsArray || value.Items.Any(item => item.Kind != JsonKind.String))
        {
            return Expected("an array of names", value);
        }

        if (value.Items.Select(item => item.Text).Distinct(StringComparer.Ordinal).Count() != value.Items.Length)
        {
            return "a name is there twice";
        }

        return draft == JsonSchemaDraft.Draft4 && value.Items.Length == 0 ? "draft 4 demands at least one name" : null;
    }

    private static string? CheckType(JsonValue value)
    {
        var names = value.IsArray ? value.Items : [value];
        if (names.Length == 0 || names.Any(name => name.Kind != JsonKind.String || !Keywords.TypeNames.Contains(name.Text)))
        {
            return Expected($"one or several of {string.Join(", ", Keywords.TypeNames)}", value);
        }

        return names.Select(name => name.Text).Distinct(StringComparer.Ordinal).Count() == names.Length
            ? null : "a type is there twice";
    }

    /// <summary>
    /// Refuses what no dialect can read. The rest is left to who validates: .NET's dialect is not ECMAScript's, and what
    /// it alone does not know is no reason to refuse a schema.
    /// </summary>
    private static string? CheckPattern(string pattern)
    {
        if (pattern.Length > JsonSchemaLimits.MaxPatternLength)
        {
            return $"a pattern of {pattern.Length} characters; at most {JsonSchemaLimits.MaxPatternLength} are taken";
        }

        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, JsonSchemaLimits.MaxMatchTime);
            return null;
        }
        catch (RegexParseException invalid) when (invalid.Error is RegexParseError.InsufficientClosingParentheses
            or RegexParseError.InsufficientOpeningParentheses or RegexParseError.UnterminatedBracket
            or RegexParseError.QuantifierAfterNothing or RegexParseError.UnescapedEndingBackslash
            or RegexParseError.ReversedCharacterRange or RegexParseError.ReversedQuantifierRange)
        {
            return $"not a regular expression: {invalid.Message}";
        }
        catch (RegexParseException)
        {
            return null;
        }
    }

    private static string Expected(string what, JsonValue found)
    {
        var text = found.Kind switch
        {
            JsonKind.Object => "an object",
            JsonKind.Array => found.Items.Length == 0 ? "an empty array" : "an array",
            _ => found.ToString(),
        };
        return $"expected {what}, found {(text.Length <= 100 ? text : text[..100] + "…")}";
    }
}
