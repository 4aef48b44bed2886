using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>Which member of a type is which field of a schema.</summary>
internal static class MemberMatching
{
    /// <summary>The member of a field: of the same name, else of a name that differs in case only, as other languages write it.</summary>
    public static MemberShape? Find(RecordShape shape, AvroField field)
    {
        MemberShape? alike = null;
        foreach (var member in shape.Members)
        {
            if (member.AvroName == field.Name)
            {
                return member;
            }

            if (string.Equals(member.AvroName, field.Name, StringComparison.OrdinalIgnoreCase))
            {
                alike = member;
            }
        }

        return alike;
    }

    /// <summary>True when a record's schema has the type's simple name.</summary>
    public static bool IsOf(AvroRecordSchema schema, Type type) => TypeNames.Of(type).Name == schema.Name.Name;

    /// <summary>A member that has no field would be dropped without anyone noticing.</summary>
    public static void RefuseLostMembers(AvroRecordSchema schema, RecordShape shape, IEnumerable<MemberShape?> matched)
    {
        var found = matched.ToHashSet();
        foreach (var member in shape.Members)
        {
            if (!found.Contains(member))
            {
                throw new AvroSchemaException(
                    $"{member.Path}: the schema {schema.FullName} has no field \"{member.AvroName}\"; name it with [AvroName] or leave it out with [AvroIgnore]");
            }
        }
    }
}
