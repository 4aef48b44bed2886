namespace SchemaStream.Protocol.Generator.Notation;

/// <summary>What holds for the fields of one struct: names, tags, versions, nulls and defaults that fit each other.</summary>
internal sealed class FieldRules(List<DefinitionError> errors, VersionRange message, VersionRange flexible)
{
    public EquatableArray<FieldDefinition> Fields(IReadOnlyList<FieldNode> nodes, string owner, VersionRange ownerVersions)
    {
        var fields = new List<FieldDefinition>();
        foreach (var node in nodes)
        {
            if (node.Type is not { } type)
            {
                continue;
            }

            var versions = VersionsOf(node, ownerVersions);
            Check(node, node.Name != owner, $"a field cannot have the name of its struct");
            Check(node, fields.All(field => field.Name != node.Name), $"{node.Name} is there twice");
            Check(node, node.Tag is null || fields.All(field => field.Tag != node.Tag), $"tag {node.Tag} is there twice");
            Check(node, !versions.IsEmpty, $"{node.Name} is in no version of {owner} ({ownerVersions})");
            Check(node, node.Nullable.IsEmpty || CanBeNull(type), $"{type} cannot be null");
            if (node.Default is { } value)
            {
                CheckDefault(node, type, value);
            }

            fields.Add(new FieldDefinition(
                node.Name, type, versions, node.Nullable.Intersect(versions), node.Tag, node.Default, node.Line.Comment));
        }

        return new([.. fields]);
    }

    private VersionRange VersionsOf(FieldNode node, VersionRange owner)
    {
        var versions = node.Versions.Intersect(owner);
        if (node.Tag is null)
        {
            return versions;
        }

        Check(node, !flexible.IsEmpty, "only flexible versions have tagged fields, and this message has none");
        Check(node, node.Versions == VersionRange.All || flexible.Contains(node.Versions.Intersect(message)),
            $"a tagged field cannot be in versions before {flexible.First}, the first flexible one");
        return versions.Intersect(flexible);
    }

    private void CheckDefault(FieldNode node, FieldType type, string value)
    {
        if (value == "null")
        {
            Check(node, !node.Nullable.IsEmpty, $"null is no default for {type}: write {type}?");
        }
        else if (type.IsArray || !(Primitives.IsNumber(type.Primitive) || type.Primitive == Primitive.Boolean))
        {
            Check(node, false, $"{type} has no other default than null");
        }
        else
        {
            Check(node, DefaultValue.Fits(type.Primitive, value), $"'{value}' is no value of {type}");
        }
    }

    private static bool CanBeNull(FieldType type) =>
        type.IsArray || type.Primitive is Primitive.Struct or Primitive.String or Primitive.Bytes or Primitive.Records;

    private void Check(FieldNode node, bool holds, string text)
    {
        if (!holds)
        {
            var word = node.Line.Words[0];
            errors.Add(new DefinitionError(ErrorKind.Meaning, node.Line.Number, word.Column, word.Text.Length, text));
        }
    }
}
