using System.ComponentModel;
using System.Runtime.CompilerServices;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>
/// How data of a writer's schema is read as a reader's type: schema resolution, decided before the first byte and then
/// followed by generated code, without reflection and without compiling anything.
/// </summary>
/// <remarks>One plan per place in the schemas; plans of recursive types refer to themselves. For generated code.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AvroPlan
{
    internal AvroPlan(AvroSchema writer) => Writer = writer;

    /// <summary>The steps of a record, in the order of the writer's fields; defaults come last.</summary>
    public IReadOnlyList<AvroPlanStep> Steps => StepList;

    /// <summary>The plan of a collection's items, or of a map's values.</summary>
    public AvroPlan Items { get; internal set; } = null!;

    /// <summary>The fewest bytes that an item takes: what a declared count is held against.</summary>
    public int MinItemBytes { get; internal set; }

    /// <summary>The writer wrote null here.</summary>
    public bool IsNull => Writer.Kind == AvroSchemaKind.Null;

    /// <summary>Which branch of the reader's union the value is for; 0 where the reader has no union.</summary>
    public int ReaderBranch { get; internal set; }

    internal AvroSchema Writer { get; }

    /// <summary>The logical type that says what the value means: the writer's, where both are of one family.</summary>
    internal AvroLogicalType? Logical { get; set; }

    internal List<AvroPlanStep> StepList { get; set; } = [];

    /// <summary>For each branch of the writer's union its plan; null where the writer has no union.</summary>
    internal AvroPlan[]? Branches { get; set; }

    /// <summary>What the reader's union holds: the plan of the chosen branch.</summary>
    internal AvroPlan? Chosen { get; set; }

    /// <summary>For each symbol of the writer the reader's ordinal; -1 where it has none.</summary>
    internal int[] Ordinals { get; set; } = [];

    /// <summary>The reader's name for its enum, as faults say it.</summary>
    internal string ReaderName { get; set; } = "";

    /// <summary>Why data of this branch cannot be read; null where it can.</summary>
    internal string? Problem { get; set; }

    /// <summary>The plan of the value that comes: a writer's union says by a number which of its types that is.</summary>
    /// <param name="reader">The payload.</param>
    /// <exception cref="AvroDataException">The reader's type takes no value of that branch.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AvroPlan Follow(ref AvroReader reader) => Branches is null && Problem is null ? this : FollowUnion(ref reader);

    /// <summary>The plan of the reader's branch behind <see cref="ReaderBranch"/>.</summary>
    public AvroPlan InBranch() => Chosen ?? this;

    /// <summary>The reader's ordinal of the symbol that comes.</summary>
    /// <param name="reader">The payload.</param>
    /// <exception cref="AvroDataException">The reader does not know the symbol and has no default.</exception>
    public int ReadSymbol(ref AvroReader reader)
    {
        var plan = InBranch();
        var symbol = reader.ReadSymbol(plan.Ordinals.Length);
        return plan.Ordinals[symbol] is >= 0 and var ordinal
            ? ordinal
            : throw new AvroDataException(
                $"the symbol {((AvroEnumSchema)plan.Writer).Symbols[symbol]} is not known to the reader's {plan.ReaderName}, which has no default",
                isAfterValue: true);
    }

    private AvroPlan FollowUnion(ref AvroReader reader)
    {
        var plan = Branches is null ? this : Branches[reader.ReadBranch(Branches.Length)];
        return plan.Problem is null
            ? plan
            : DecodeFaults.ThrowUnreadableBranch<AvroPlan>(plan.Writer.FullName, plan.Problem);
    }
}

/// <summary>One field of the writer, or one default of the reader.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AvroPlanStep
{
    private readonly AvroSchema? _skipped;
    private readonly byte[]? _default;

    internal AvroPlanStep(AvroSchema skipped)
    {
        _skipped = skipped;
        Field = -1;
        Plan = new AvroPlan(skipped);
    }

    internal AvroPlanStep(int field, AvroPlan plan, byte[]? defaultBytes, bool isAgain)
    {
        (Field, Plan, _default, IsAgain) = (field, plan, defaultBytes, isAgain);
    }

    /// <summary>The reader's field that takes the value; -1 when none does.</summary>
    public int Field { get; }

    /// <summary>How the value is read.</summary>
    public AvroPlan Plan { get; }

    /// <summary>The value of the step before is read once more: two fields of the reader take one of the writer.</summary>
    public bool IsAgain { get; }

    /// <summary>The value is the field's default, in a payload of its own.</summary>
    public bool IsDefault => _default is not null;

    /// <summary>The payload of the default.</summary>
    public AvroReader OpenDefault() => new(_default);

    /// <summary>Goes over a value that nothing takes.</summary>
    /// <param name="reader">The payload.</param>
    public void Skip(ref AvroReader reader)
    {
        if (_skipped is not null)
        {
            PayloadWalker.Skip(ref reader, _skipped);
        }
    }
}
