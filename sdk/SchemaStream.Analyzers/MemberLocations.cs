using System.Globalization;
using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;
using SchemaStream.Generators.Shapes;

namespace SchemaStream.Analyzers;

/// <summary>Where in the code a place of a schema comes from.</summary>
internal sealed class MemberLocations(ITypeSymbol root, SymbolDerivation derivation)
{
    /// <summary>The contract's type itself.</summary>
    public Location OfType() => At(root) ?? Location.None;

    /// <summary>The member, or the type, that made a place of the schema as it is now.</summary>
    /// <param name="found">A violation whose reader is that schema, or a part of it.</param>
    public Location Of(FoundViolation found)
    {
        var path = found.Violation.Path;
        var (last, field, _) = Walk(found.Reader, path);
        var named = path.EndsWith("/symbols", StringComparison.Ordinal) || path.EndsWith("/name", StringComparison.Ordinal)
            ? derivation.Types.FirstOrDefault(pair => ReferenceEquals(pair.Value, last)).Key
            : null;
        return (named is null ? null : At(named.Type))
            ?? (field is not null && derivation.Members.TryGetValue(field, out var member) ? At(member.Member) : null)
            ?? (found.Around is { } outer ? Of(outer) : OfType());
    }

    /// <summary>The member that has the place of one in the schema as it was, else the type that had it.</summary>
    /// <param name="found">A violation whose reader is the schema of the lock file, or a part of it.</param>
    public Location OfFormer(FoundViolation found)
    {
        var (_, field, record) = Walk(found.Reader, found.Violation.Path);
        var now = derivation.Types.FirstOrDefault(pair => pair.Value.FullName == record?.FullName);
        var member = (now.Key as RecordShape)?.Members.FirstOrDefault(candidate => candidate.AvroName == field?.Name);
        return (member is null ? null : At(member.Member)) ?? (now.Key is null ? null : At(now.Key.Type))
            ?? (found.Around is { } outer ? OfFormer(outer) : OfType());
    }

    private static (AvroSchema? Last, AvroField? Field, AvroRecordSchema? Record) Walk(AvroSchema schema, string path)
    {
        AvroSchema? here = schema;
        AvroField? field = null;
        AvroRecordSchema? record = null;
        var steps = path.Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < steps.Length && here is not null; i++)
        {
            switch (here)
            {
                case AvroRecordSchema r when steps[i] == "fields" && i + 1 < steps.Length
                    && int.TryParse(steps[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < r.Fields.Count:
                    (field, record) = (r.Fields[number], r);
                    i++;
                    if (i + 1 < steps.Length && steps[i + 1] == "type")
                    {
                        here = field.Schema;
                        i++;
                    }

                    break;
                case AvroArraySchema array when steps[i] == "items":
                    here = array.Items;
                    break;
                case AvroMapSchema map when steps[i] == "values":
                    here = map.Values;
                    break;
                default:
                    return (here, field, record);
            }
        }

        return (here, field, record);
    }

    private static Location? At(ISymbol symbol) => symbol.Locations.FirstOrDefault(location => location.IsInSource);
}
