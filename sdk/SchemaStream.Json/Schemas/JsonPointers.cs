using System.Globalization;
using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointers
{
    private const int Longest = 400;

    /// <summary>A place within another. Pointers are for messages: where they grow long, they end in an ellipsis.</summary>
    public static string Join(string pointer, string keyword, string step)
    {
        if (pointer.EndsWith('…'))
        {
            return pointer;
        }

        var joined = string.Concat(pointer, "/", Escape(keyword), step);
        return joined.Length <= Longest ? joined : joined[..Longest] + "…";
    }

    public static string Escape(string name) => name.AsSpan().IndexOfAny('~', '/') < 0
        ? name
        : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>
    /// The value that a pointer leads to; null if there is none. <c>definitions</c> and <c>$defs</c> of the text stand for
    /// each other, as in Confluent's registry.
    /// </summary>
    public static JsonValue? Find(JsonValue root, string pointer)
    {
        var steps = pointer.Split('/');
        var found = Follow(root, steps);
        if (found is null && steps.Length > 1 && steps[1] is "definitions" or "$defs")
        {
            steps[1] = steps[1] == "$defs" ? "definitions" : "$defs";
            found = Follow(root, steps);
        }

        return found;
    }

    private static JsonValue? Follow(JsonValue root, string[] steps)
    {
        var value = root;
        for (var i = 1; i < steps.Length && value is not null; i++)
        {
            var step = steps[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            value = value.IsArray
                ? int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < value.Items.Length
                    ? value.Items[index] : null
                : value.Find(step);
        }

        return value;
    }
}
