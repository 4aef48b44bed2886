using SchemaStream.Cli.Kafka.Consuming;

namespace SchemaStream.Cli.Consuming;

/// <summary>Where reading begins in a partition.</summary>
internal enum StartKind
{
    Latest = 0,
    Earliest = 1,
    Offset = 2,

    /// <summary>The first record of that time or later.</summary>
    Time = 3,
}

/// <param name="Value">The offset, or milliseconds since 1970.</param>
internal readonly record struct StartAt(StartKind Kind, long Value = 0);

/// <summary>What one run of <c>consume</c> reads.</summary>
internal sealed record ConsumeOptions
{
    public required string Topic { get; init; }

    /// <summary>Null: all of them.</summary>
    public IReadOnlyCollection<int>? Partitions { get; init; }

    public StartAt Start { get; init; }

    /// <summary>Null: no group; nothing is committed.</summary>
    public string? Group { get; init; }

    public long Max { get; init; } = long.MaxValue;

    /// <summary>Ends where the partitions ended when it began, in the place of waiting for more.</summary>
    public bool IsUntilEnd { get; init; }

    public ConsumerSettings Settings { get; init; } = new();
}
