using System.Text;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;

namespace SchemaStream.Protobuf.Checks;

/// <summary>Numbers and names within one enum.</summary>
internal static class EnumChecks
{
    public static void Check(LinkedFile file, EnumDescriptorProto item)
    {
        if (item.Value.Count == 0)
        {
            throw file.Fault("Enums must contain at least one value.", item);
        }

        if (file.IsProto3 && item.Value[0].Number != 0)
        {
            throw file.Fault("The first enum value must be zero for open enums.", item.Value[0], PlacePart.Number);
        }

        CheckAliases(file, item);
        CheckReserved(file, item);
        CheckNames(file, item);
    }

    private static void CheckAliases(LinkedFile file, EnumDescriptorProto item)
    {
        var numbers = new Dictionary<int, string>();
        var hasAlias = false;
        foreach (var value in item.Value)
        {
            if (numbers.TryAdd(value.Number, value.Name))
            {
                continue;
            }

            hasAlias = true;
            if (item.Options is not { AllowAlias: true })
            {
                throw file.Fault(
                    $"\"{value.Name}\" uses the same enum value as \"{numbers[value.Number]}\". If this is intended, set "
                    + "'option allow_alias = true;' to the enum definition.",
                    value,
                    PlacePart.Number);
            }
        }

        if (item.Options is { AllowAlias: true } && !hasAlias)
        {
            throw file.Fault(
                $"\"{item.Name}\" declares support for enum aliases but no enum values share field numbers. Please remove the "
                + "unnecessary 'option allow_alias = true;' declaration.",
                item);
        }

        if (item.Options is { HasAllowAlias: true, AllowAlias: false })
        {
            throw file.Fault(
                $"\"{item.Name}\" declares 'option allow_alias = false;' which has no effect. Please remove the declaration.", item);
        }
    }

    private static void CheckReserved(LinkedFile file, EnumDescriptorProto item)
    {
        foreach (var range in item.ReservedRange)
        {
            if (range.Start > range.End)
            {
                throw file.Fault("Reserved range end number must be greater than start number.", range);
            }
        }

        var reserved = new NumberRanges<object>(item.ReservedRange.Select(static r => ((long)r.Start, r.End + 1L, (object)r)));
        if (reserved.Overlap() is { } overlap)
        {
            throw file.Fault("Reserved range overlaps with already-defined range.", overlap.Second);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < item.ReservedName.Count; i++)
        {
            if (!names.Add(item.ReservedName[i]))
            {
                throw file.Fault(
                    $"Enum value \"{item.ReservedName[i]}\" is reserved multiple times.", item, PlacePart.ReservedName, i);
            }
        }

        foreach (var value in item.Value)
        {
            if (reserved.Contains(value.Number))
            {
                throw file.Fault($"Enum value \"{value.Name}\" uses reserved number {value.Number}.", value, PlacePart.Number);
            }

            if (names.Contains(value.Name))
            {
                throw file.Fault($"Enum value \"{value.Name}\" is reserved.", value);
            }
        }
    }

    // Generators strip the enum's name from its values' and change the case: two values must not become one.
    private static void CheckNames(LinkedFile file, EnumDescriptorProto item)
    {
        var prefix = item.Name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        var taken = new Dictionary<string, EnumValueDescriptorProto>(StringComparer.Ordinal);
        foreach (var value in item.Value)
        {
            var name = Pascal(WithoutPrefix(value.Name, prefix));
            if (!taken.TryAdd(name, value) && taken[name].Number != value.Number)
            {
                throw file.Fault(
                    $"Enum name {value.Name} has the same name as {taken[name].Name} if you ignore case and strip out the enum name prefix "
                    + "(if any). (If you are using allow_alias, please assign the same number to each enum value name.)",
                    value);
            }
        }
    }

    private static string WithoutPrefix(string name, string prefix)
    {
        var i = 0;
        var matched = 0;
        while (i < name.Length && matched < prefix.Length)
        {
            if (name[i] != '_' && char.ToLowerInvariant(name[i]) != prefix[matched++])
            {
                return name;
            }

            i++;
        }

        if (matched < prefix.Length)
        {
            return name;
        }

        var rest = name[i..].TrimStart('_');
        return rest.Length == 0 ? name : rest;
    }

    private static string Pascal(string name)
    {
        var result = new StringBuilder(name.Length);
        var capital = true;
        foreach (var c in name)
        {
            if (c == '_')
            {
                capital = true;
                continue;
            }

            result.Append(capital ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
            capital = false;
        }

        return result.ToString();
    }
}
