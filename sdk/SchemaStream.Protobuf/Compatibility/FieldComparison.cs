using Google.Protobuf.Reflection;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Compatibility;

/// <summary>Compares the fields of two messages, by number. What a field is in the data does not depend on its oneof or name.</summary>
internal sealed class FieldComparison(SchemaComparison schemas, ComparisonReport report)
{
    private enum Kind
    {
        Scalar,
        Message,
        Map,
        Group,
    }

    private enum ScalarKind
    {
        GeneralNumber,
        SignedNumber,
        StringOrBytes,
        Fixed32,
        Fixed64,
        Float,
        Double,
    }

    public void Compare(MessageFields original, MessageFields update)
    {
        CompareExclusions(original, update);
        CompareOneofs(original, update);
        foreach (var number in original.Numbers.Union(update.Numbers).Order())
        {
            schemas.Budget.Step();
            switch (original.Find(number), update.Find(number))
            {
                case ({ } removed, null):
                    Removed(removed, original, update);
                    break;
                case (null, { } added):
                    Added(added);
                    break;
                case ({ } before, { } after):
                    CompareField(before, after);
                    break;
            }
        }
    }

    /// <summary>Compares the fields that both schemas add to other messages.</summary>
    public void CompareExtensions()
    {
        var (before, after) = (schemas.OriginalTypes.Extensions, schemas.UpdateTypes.Extensions);
        foreach (var (place, extension) in before.OrderBy(e => e.Key.Extendee, StringComparer.Ordinal).ThenBy(e => e.Key.Number))
        {
            schemas.Budget.Step();
            var path = $"{schemas.OriginalTypes.Get(place.Extendee).Path}/{place.Number}";
            if (after.TryGetValue(place, out var match))
            {
                CompareContents(path, new MessageField(extension, extension.Label), new MessageField(match, match.Label));
            }
        }
    }

    /// <summary>Fields that could be set together must not exclude one another now: of old data only one would be left.</summary>
    private void CompareExclusions(MessageFields original, MessageFields update)
    {
        foreach (var (name, numbers) in update.Oneofs)
        {
            var known = numbers.Select(original.Find).OfType<MessageField>().ToArray();
            var fromTopLevel = known.Count(static field => field.Oneof is null);
            var fromOneofs = known.Select(static field => field.Oneof).OfType<string>().Distinct(StringComparer.Ordinal).Count();
            if (fromTopLevel + fromOneofs > 1)
            {
                report.Add(
                    fromTopLevel > 1 ? DifferenceKinds.MultipleFieldsMovedToOneof : DifferenceKinds.FieldMovedToExistingOneof,
                    At(name));
            }
        }
    }

    private void CompareOneofs(MessageFields original, MessageFields update)
    {
        foreach (var name in original.Oneofs.Keys.Union(update.Oneofs.Keys).Order(StringComparer.Ordinal))
        {
            if (!update.Oneofs.ContainsKey(name))
            {
                report.Add(DifferenceKinds.OneofRemoved, At(name));
            }
            else if (!original.Oneofs.ContainsKey(name))
            {
                report.Add(DifferenceKinds.OneofAdded, At(name));
            }
        }
    }

    private void Removed(MessageField removed, MessageFields original, MessageFields update)
    {
        if (removed.Oneof is null)
        {
            var kind = removed.Proto.Label == Label.Required
                ? DifferenceKinds.RequiredFieldRemoved
                : DifferenceKinds.FieldRemoved;
            report.Add(kind, At(removed.Path));
        }
        else if (update.Oneofs.ContainsKey(removed.Oneof)
            || original.Oneofs[removed.Oneof].Exists(number => update.Find(number) is not null))
        {
            report.Add(DifferenceKinds.OneofFieldRemoved, At(removed.Path));
        }
    }

    private void Added(MessageField added)
    {
        var kind = added.Oneof is not null ? DifferenceKinds.OneofFieldAdded
            : added.Proto.Label == Label.Required ? DifferenceKinds.RequiredFieldAdded
            : DifferenceKinds.FieldAdded;
        report.Add(kind, At(added.Path));
    }

    private void CompareField(MessageField before, MessageField after)
    {
        if (before.Oneof is not null && after.Oneof is null)
        {
            report.Add(DifferenceKinds.OneofFieldMovedToTopLevel, At(after.Path));
        }

        CompareContents(At(after.Path), before, after);
    }

    private void CompareContents(string path, MessageField originalField, MessageField updateField)
    {
        var (before, after) = (originalField.Proto, updateField.Proto);
        if (before.Name != after.Name)
        {
            report.Add(DifferenceKinds.FieldNameChanged, path);
        }

        var kind = KindOf(before, schemas.OriginalTypes);
        if (kind != KindOf(after, schemas.UpdateTypes))
        {
            report.Add(DifferenceKinds.FieldKindChanged, path);
            return;
        }

        CompareTypes(path, kind, before, after);
        var isNumeric = kind == Kind.Scalar && ScalarKindOf(before.Type) != ScalarKind.StringOrBytes;
        var isRelabelled = kind == Kind.Scalar
            && ScalarKindOf(before.Type) == ScalarKindOf(after.Type)
            && IsRelabelled(originalField.Label, updateField.Label);
        if (isRelabelled)
        {
            report.Add(
                isNumeric ? DifferenceKinds.FieldNumericLabelChanged : DifferenceKinds.FieldStringOrBytesLabelChanged, path);
        }

        // Old data without the field would not be taken. Of a number that was relabelled it is said already.
        if (after.Label == Label.Required && before.Label != Label.Required && !(isNumeric && isRelabelled))
        {
            report.Add(DifferenceKinds.RequiredFieldAdded, path);
        }
    }

    // Whoever writes no label changes none; but what is repeated is written otherwise than what is not.
    private static bool IsRelabelled(Label? before, Label? after) =>
        (before is not null && after is not null && before != after)
        || (before == Label.Repeated) != (after == Label.Repeated);

    private void CompareTypes(string path, Kind kind, FieldDescriptorProto before, FieldDescriptorProto after)
    {
        switch (kind)
        {
            case Kind.Scalar when ScalarKindOf(before.Type) != ScalarKindOf(after.Type):
                report.Add(DifferenceKinds.FieldScalarKindChanged, path);
                break;
            case Kind.Group:
                report.AddPart(schemas.Of(Original(before), Update(after)));
                break;
            case Kind.Message:
                CompareMessages(path, Original(before), Update(after));
                break;
            case Kind.Map:
                var (oldEntry, newEntry) = (Original(before).Message, Update(after).Message);
                CompareEntryField(path, oldEntry.Field[0], newEntry.Field[0]);
                CompareEntryField(path, oldEntry.Field[1], newEntry.Field[1]);
                break;
        }
    }

    /// <summary>A map's key or value: they have neither names nor labels of their own.</summary>
    private void CompareEntryField(string path, FieldDescriptorProto before, FieldDescriptorProto after)
    {
        var kind = KindOf(before, schemas.OriginalTypes);
        if (kind == KindOf(after, schemas.UpdateTypes))
        {
            CompareTypes(path, kind, before, after);
        }
        else
        {
            report.Add(DifferenceKinds.FieldKindChanged, path);
        }
    }

    private void CompareMessages(string path, NamedType before, NamedType after)
    {
        if (before.LocalName != after.LocalName)
        {
            report.Add(DifferenceKinds.FieldNamedTypeChanged, path);
        }
        else if (ReferenceEquals(before.Message, after.Message))
        {
            // One of the well-known types, which nobody can change.
            return;
        }
        else if (before.IsImported || after.IsImported)
        {
            report.AddFieldType(path, schemas.Of(before, after));
        }
        else if (schemas.OriginalTypes.IsGroup(before.FullName) || schemas.UpdateTypes.IsGroup(after.FullName))
        {
            // A group's body under another field. Other messages of the schema are compared where they stand.
            report.AddPart(schemas.Of(before, after));
        }
    }

    private NamedType Original(FieldDescriptorProto field) => schemas.OriginalTypes.Get(field.TypeName);

    private NamedType Update(FieldDescriptorProto field) => schemas.UpdateTypes.Get(field.TypeName);

    private string At(string path) => $"{report.Path}/{path}";

    private static Kind KindOf(FieldDescriptorProto field, TypeTable types) => field.Type switch
    {
        Type.Group => Kind.Group,
        Type.Message => types.Get(field.TypeName).IsMapEntry ? Kind.Map : Kind.Message,
        _ => Kind.Scalar,
    };

    private static ScalarKind ScalarKindOf(Type type) => type switch
    {
        Type.Sint32 or Type.Sint64 => ScalarKind.SignedNumber,
        Type.String or Type.Bytes => ScalarKind.StringOrBytes,
        Type.Fixed32 or Type.Sfixed32 => ScalarKind.Fixed32,
        Type.Fixed64 or Type.Sfixed64 => ScalarKind.Fixed64,
        Type.Float => ScalarKind.Float,
        Type.Double => ScalarKind.Double,
        _ => ScalarKind.GeneralNumber,
    };
}
