using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Compatibility;

/// <summary>Compares two schemas, message by message, each pair of messages once.</summary>
internal sealed class SchemaComparison(ProtoSchema original, ProtoSchema update)
{
    private readonly Dictionary<(NamedType Original, NamedType Update), ComparisonReport> _pairs = [];
    private readonly Queue<(NamedType Original, NamedType Update, ComparisonReport Report)> _open = [];

    public ComparisonBudget Budget { get; } = new();

    public TypeTable OriginalTypes { get; } = new(original);

    public TypeTable UpdateTypes { get; } = new(update);

    public List<SchemaDifference> Run()
    {
        var report = new ComparisonReport("#", Budget);
        if (original.File.Package != update.File.Package)
        {
            report.Add(DifferenceKinds.PackageChanged, "#/");
        }

        CompareMessages(report, Scope(original.File), original.File.MessageType, Scope(update.File), update.File.MessageType);
        CompareEnums(report, original.File.EnumType, update.File.EnumType);
        new FieldComparison(this, report).CompareExtensions();
        while (_open.TryDequeue(out var pair))
        {
            CompareMessage(pair.Original, pair.Update, pair.Report);
        }

        ComparisonReport.Spread([report, .. _pairs.Values]);
        return report.Flatten();
    }

    /// <summary>What is found in two messages, now or by the end of the comparison.</summary>
    public ComparisonReport Of(NamedType originalType, NamedType updateType)
    {
        if (!_pairs.TryGetValue((originalType, updateType), out var report))
        {
            report = new ComparisonReport(originalType.Path, Budget);
            _pairs.Add((originalType, updateType), report);
            _open.Enqueue((originalType, updateType, report));
        }

        return report;
    }

    private void CompareMessage(NamedType originalType, NamedType updateType, ComparisonReport report)
    {
        var (before, after) = (originalType.Message, updateType.Message);
        new FieldComparison(this, report).Compare(new MessageFields(originalType), new MessageFields(updateType));
        CompareMessages(report, originalType.FullName, before.NestedType, updateType.FullName, after.NestedType);
        CompareEnums(report, before.EnumType, after.EnumType);
    }

    private void CompareMessages(
        ComparisonReport report,
        string originalScope,
        IEnumerable<DescriptorProto> originalMessages,
        string updateScope,
        IEnumerable<DescriptorProto> updateMessages)
    {
        var before = Declared(OriginalTypes, originalScope, originalMessages);
        var after = Declared(UpdateTypes, updateScope, updateMessages);
        foreach (var (name, (type, index)) in before)
        {
            if (!after.TryGetValue(name, out var moved))
            {
                report.Add(DifferenceKinds.MessageRemoved, type.Path);
                continue;
            }

            report.AddPart(Of(type, moved.Type));
            if (index != moved.Index)
            {
                report.Add(DifferenceKinds.MessageMoved, type.Path);
            }
        }

        foreach (var (name, (type, _)) in after)
        {
            if (!before.ContainsKey(name))
            {
                report.Add(DifferenceKinds.MessageAdded, type.Path);
            }
        }
    }

    /// <summary>The messages that somebody wrote as such, with their places: not the entries of maps, nor the bodies of groups.</summary>
    private OrderedDictionary<string, (NamedType Type, int Index)> Declared(
        TypeTable types, string scope, IEnumerable<DescriptorProto> messages)
    {
        var declared = new OrderedDictionary<string, (NamedType Type, int Index)>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            Budget.Step();
            var type = types.Get($"{scope}.{message.Name}");
            if (!type.IsMapEntry && !types.IsGroup(type.FullName))
            {
                declared.Add(message.Name, (type, declared.Count));
            }
        }

        return declared;
    }

    private void CompareEnums(
        ComparisonReport report, IList<EnumDescriptorProto> originalEnums, IList<EnumDescriptorProto> updateEnums)
    {
        var after = updateEnums.ToDictionary(static e => e.Name, StringComparer.Ordinal);
        foreach (var before in originalEnums)
        {
            var path = $"{report.Path}/{before.Name}";
            if (after.Remove(before.Name, out var match))
            {
                CompareConstants(report, path, before, match);
            }
            else
            {
                report.Add(DifferenceKinds.EnumRemoved, path);
            }
        }

        foreach (var added in updateEnums.Where(e => after.ContainsKey(e.Name)))
        {
            report.Add(DifferenceKinds.EnumAdded, $"{report.Path}/{added.Name}");
        }
    }

    private void CompareConstants(
        ComparisonReport report, string path, EnumDescriptorProto originalEnum, EnumDescriptorProto updateEnum)
    {
        var before = Names(originalEnum);
        var after = Names(updateEnum);
        foreach (var number in before.Keys.Union(after.Keys).Order())
        {
            var kind = !after.TryGetValue(number, out var newName) ? DifferenceKinds.EnumConstRemoved
                : !before.TryGetValue(number, out var oldName) ? DifferenceKinds.EnumConstAdded
                : oldName != newName ? DifferenceKinds.EnumConstChanged
                : null;
            if (kind is not null)
            {
                report.Add(kind, FormattableString.Invariant($"{path}/{number}"));
            }
        }
    }

    // Of several names of one number the last one counts.
    private Dictionary<int, string> Names(EnumDescriptorProto type)
    {
        var names = new Dictionary<int, string>();
        foreach (var value in type.Value)
        {
            Budget.Step();
            names[value.Number] = value.Name;
        }

        return names;
    }

    private static string Scope(FileDescriptorProto file) => file.Package.Length == 0 ? "" : "." + file.Package;
}
