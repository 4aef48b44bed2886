namespace SchemaStream.Protobuf.Compatibility;

/// <summary>What was found where two messages, or the two files, were compared; and which other comparisons it rests upon.</summary>
/// <param name="path">Where its own differences are.</param>
/// <param name="budget">What may be told, by all reports of one comparison together.</param>
internal sealed class ComparisonReport(string path, ComparisonBudget budget)
{
    private readonly List<Item> _items = [];

    public string Path { get; } = path;

    /// <summary>Whether something in it, or in what it rests upon, is not compatible. True once known.</summary>
    public bool IsIncompatible { get; private set; }

    public void Add(string kind, string path)
    {
        budget.Tell(path);
        _items.Add(new Item(kind, path, null));
        IsIncompatible |= !DifferenceKinds.IsCompatible(kind);
    }

    /// <summary>Takes in what is found in a part: a nested message, or the body of a group.</summary>
    public void AddPart(ComparisonReport part) => _items.Add(new Item(null, "", part));

    /// <summary>Takes in what is found in a field's imported message; if that is not compatible, the field's type is not either.</summary>
    public void AddFieldType(string path, ComparisonReport type)
    {
        budget.Tell(path);
        _items.Add(new Item(DifferenceKinds.FieldNamedTypeChanged, path, type));
    }

    /// <summary>Spreads over all reports what is known of each: messages may hold one another in rings.</summary>
    public static void Spread(IReadOnlyCollection<ComparisonReport> reports)
    {
        var restingUpon = reports
            .SelectMany(static report => report._items, static (report, item) => (report, item.Part))
            .Where(static pair => pair.Part is not null)
            .ToLookup(static pair => pair.Part!, static pair => pair.report);
        var open = new Queue<ComparisonReport>(reports.Where(static report => report.IsIncompatible));
        while (open.TryDequeue(out var report))
        {
            foreach (var above in restingUpon[report].Where(static above => !above.IsIncompatible))
            {
                above.IsIncompatible = true;
                open.Enqueue(above);
            }
        }
    }

    /// <summary>All differences from here on, each report's once, what is within a field's type before the field.</summary>
    /// <remarks>Without recursion: a chain of imported messages can be as long as a schema has messages.</remarks>
    public List<SchemaDifference> Flatten()
    {
        var differences = new List<SchemaDifference>();
        var seen = new HashSet<ComparisonReport> { this };
        var open = new Stack<(ComparisonReport Report, int Next)>();
        open.Push((this, 0));
        while (open.TryPop(out var frame))
        {
            var (report, next) = frame;
            if (next == report._items.Count)
            {
                continue;
            }

            var item = report._items[next];
            if (item.Part is not null && seen.Add(item.Part))
            {
                open.Push(frame);
                open.Push((item.Part, 0));
                continue;
            }

            open.Push((report, next + 1));
            if (item.Kind is { } kind && item.Part is null or { IsIncompatible: true })
            {
                differences.Add(new SchemaDifference(kind, item.Path));
            }
        }

        return differences;
    }

    private readonly record struct Item(string? Kind, string Path, ComparisonReport? Part);
}
