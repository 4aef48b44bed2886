using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;
using SchemaStream.Generators.Shapes;

namespace SchemaStream.Generators.Emit;

/// <summary>One contract's type with its schema, and names for the methods of its code.</summary>
internal sealed class ContractModel
{
    private readonly Dictionary<Shape, int> _records = [];
    private readonly HashSet<Shape> _recursive = [];
    private readonly SymbolDerivation _derivation;

    public ContractModel(ShapeUse root, SymbolDerivation derivation, AvroSchema schema)
    {
        (Root, _derivation, Schema) = (root, derivation, schema);
        foreach (var record in Reachable(root.Shape).OfType<RecordShape>().Distinct().ToList())
        {
            _records.Add(record, _records.Count);
            if (record.Members.SelectMany(member => Reachable(member.Use.Shape)).Contains(record))
            {
                _recursive.Add(record);
            }
        }
    }

    public ShapeUse Root { get; }

    public AvroSchema Schema { get; }

    public IEnumerable<RecordShape> Records => _records.Keys.Cast<RecordShape>();

    /// <summary>Items that are written by code of their own.</summary>
    public UseList Written { get; } = new();

    /// <summary>Items that are read by code of their own.</summary>
    public UseList Read { get; } = new();

    /// <summary>Values that are read as a plan says by code of their own.</summary>
    public UseList Planned { get; } = new();

    public int NumberOf(RecordShape record) => _records[record];

    public bool IsRecursive(RecordShape record) => _recursive.Contains(record);

    public AvroSchema SchemaOf(ShapeUse use) => _derivation.Use(use);

    /// <summary>Where a member's default is not null, its branch comes before null's.</summary>
    public bool IsNullFirst(MemberShape member)
    {
        var field = _derivation.Members.First(pair => ReferenceEquals(pair.Value, member)).Key;
        return field.Schema is not AvroUnionSchema union || union.NullIndex == 0;
    }

    private static IEnumerable<Shape> Reachable(Shape shape)
    {
        var seen = new HashSet<Shape>();
        var open = new Stack<Shape>([shape]);
        while (open.Count > 0)
        {
            var next = open.Pop();
            if (!seen.Add(next))
            {
                continue;
            }

            yield return next;
            var parts = next switch
            {
                SequenceShape sequence => [sequence.Item.Shape],
                DictionaryShape dictionary => [dictionary.Value.Shape],
                UnionShape union => union.Branches.Reverse(),
                RecordShape record => record.Members.Select(member => member.Use.Shape).Reverse(),
                _ => Enumerable.Empty<Shape>(),
            };
            foreach (var part in parts)
            {
                open.Push(part);
            }
        }
    }
}

/// <summary>Uses that have code of their own, in the order asked for; the list grows while code is written.</summary>
internal sealed class UseList
{
    private readonly Dictionary<(Shape Shape, bool IsNullable, bool IsNullFirst), int> _numbers = [];
    private readonly List<(ShapeUse Use, string Path, bool IsNullFirst)> _uses = [];

    public int NumberOf(ShapeUse use, string path = "", bool isNullFirst = true)
    {
        var key = (use.Shape, use.IsNullable, isNullFirst);
        if (!_numbers.TryGetValue(key, out var number))
        {
            number = _uses.Count;
            _numbers.Add(key, number);
            _uses.Add((use, path, isNullFirst));
        }

        return number;
    }

    /// <summary>Every use, those too that are asked for meanwhile.</summary>
    public IEnumerable<(int Number, ShapeUse Use, string Path, bool IsNullFirst)> Drain()
    {
        for (var i = 0; i < _uses.Count; i++)
        {
            yield return (i, _uses[i].Use, _uses[i].Path, _uses[i].IsNullFirst);
        }
    }
}
