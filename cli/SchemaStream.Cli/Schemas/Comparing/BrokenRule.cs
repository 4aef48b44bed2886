using System.Text.Json;
using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Cli.Schemas.Comparing;

/// <summary>Why data of one schema cannot be read with another.</summary>
/// <param name="Rule">The rule's name, such as READER_FIELD_MISSING_DEFAULT_VALUE.</param>
/// <param name="Path">Where in the reader.</param>
/// <param name="Direction">NEW_READS_OLD or OLD_READS_NEW.</param>
/// <param name="Version">The version that the new schema was compared with; 0 where there is none.</param>
internal sealed record BrokenRule(string Rule, string Path, string Message, string Direction, int Version)
{
    public const string NewReadsOld = "NEW_READS_OLD";
    public const string OldReadsNew = "OLD_READS_NEW";

    /// <summary>All rules that stand against a direction.</summary>
    public static IReadOnlyList<BrokenRule> Check(SchemaText older, SchemaText newer, int version, string direction)
    {
        if (older.Format != newer.Format)
        {
            return [new("FORMAT_CHANGED", "/", $"the format changed from {SchemaFormatNames.NameOf(older.Format)} to {SchemaFormatNames.NameOf(newer.Format)}", direction, version)];
        }

        var (was, becomes) = (older.Parse(SchemaStrictness.Lenient), newer.Parse(SchemaStrictness.Lenient));
        var found = direction == NewReadsOld
            ? newer.Support.CheckReads(becomes, was, CompatibilityPolicy.Strict)
            : newer.Support.CheckReads(was, becomes, CompatibilityPolicy.Strict);
        var (reader, writer) = direction == NewReadsOld ? ("the new schema", "the old schema") : ("the old schema", "the new schema");
        return [.. found.Select(violation => new BrokenRule(
            violation.Kind,
            violation.Path,
            violation.Message.Replace("the reader", reader, StringComparison.OrdinalIgnoreCase).Replace("the writer", writer, StringComparison.OrdinalIgnoreCase),
            direction,
            version))];
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("rule", Rule);
        writer.WriteString("path", Path);
        writer.WriteString("message", Message);
        writer.WriteString("direction", Direction);
        if (Version > 0)
        {
            writer.WriteNumber("version", Version);
        }

        writer.WriteEndObject();
    }

    public override string ToString() => $"{Rule} at {Path}: {Message}";
}
