using System.Globalization;
using System.Text.Json;

namespace SchemaStream.Cli.Formats;

/// <summary>Numbers with a fraction in JSON, which knows neither infinity nor NaN: they are texts.</summary>
internal static class JsonNumbers
{
    public static void Write(Utf8JsonWriter output, float value)
    {
        if (float.IsFinite(value))
        {
            output.WriteRawValue(WithPoint(value.ToString("R", CultureInfo.InvariantCulture)));
        }
        else
        {
            output.WriteStringValue(Special(value));
        }
    }

    public static void Write(Utf8JsonWriter output, double value)
    {
        if (double.IsFinite(value))
        {
            output.WriteRawValue(WithPoint(value.ToString("R", CultureInfo.InvariantCulture)));
        }
        else
        {
            output.WriteStringValue(Special(value));
        }
    }

    /// <summary>A double, also from a text; null for what is none.</summary>
    public static double? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String => Parse(value.GetString()!),
        _ => null,
    };

    /// <summary>A float, rounded once; null for what is none.</summary>
    public static float? ReadSingle(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetSingle(out var number) && float.IsFinite(number) => number,
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => float.NaN,
            "Infinity" => float.PositiveInfinity,
            "-Infinity" => float.NegativeInfinity,
            var text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number) ? number : null,
        },
        _ => null,
    };

    private static double? Parse(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
    };

    private static string Special(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    /// <summary>A whole one shows that it is not of a whole type, as Java's writers have it.</summary>
    private static string WithPoint(string text) => text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
}
