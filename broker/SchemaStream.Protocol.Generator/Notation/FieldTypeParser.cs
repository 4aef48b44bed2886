using System.Text.RegularExpressions;

namespace SchemaStream.Protocol.Generator.Notation;

/// <summary>Reads <c>[]Name?3+</c>: an array, of a primitive or struct, that may be null from version 3 on.</summary>
internal static class FieldTypeParser
{
    private static readonly Regex Pattern =
        new(@"^(?<array>\[\])?(?<name>[A-Za-z][A-Za-z0-9]*)(?<null>\?(?<range>[0-9][0-9+-]*)?)?$", RegexOptions.CultureInvariant);

    public static bool TryParse(Word word, out FieldType type, out VersionRange nullable)
    {
        type = default;
        nullable = VersionRange.None;
        var match = Pattern.Match(word.Text);
        if (!match.Success)
        {
            return false;
        }

        if (match.Groups["range"].Success)
        {
            if (!VersionRange.TryParse(match.Groups["range"].Value, out nullable))
            {
                return false;
            }
        }
        else if (match.Groups["null"].Success)
        {
            nullable = VersionRange.All;
        }

        var name = match.Groups["name"].Value;
        var isArray = match.Groups["array"].Success;
        if (Primitives.TryParse(name, out var primitive))
        {
            type = new FieldType(primitive, null, isArray);
            return true;
        }

        type = new FieldType(Primitive.Struct, name, isArray);
        return char.IsUpper(name[0]);
    }
}
