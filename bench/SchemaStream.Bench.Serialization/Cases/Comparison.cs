namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>One line of the summary: the SDK's code beside what it is held against, both measured in the same run.</summary>
internal abstract class Comparison(string name, double target, long allocationTarget)
{
    /// <summary>The line's name: format, direction and record, as <c>avro-runtime.encode.small</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The most that the ratio to the baseline may be.</summary>
    public double Target { get; } = target;

    /// <summary>The bytes that an operation may allocate.</summary>
    public long AllocationTarget { get; } = allocationTarget;

    /// <summary>Measures; the meter does not know what the work gives.</summary>
    public abstract Measurement Measure(Meter meter);

    /// <summary>An encoder beside its baseline: both give the number of bytes, nothing is to be allocated.</summary>
    public static Comparison Encode(string name, Func<int> baseline, Func<int> ours, double target) =>
        new Comparison<int>(name, baseline, ours, target, 0);

    /// <summary>A decoder beside its baseline: only the object is to be allocated, which is what the baseline allocates.</summary>
    public static Comparison Decode<T>(string name, Func<T> baseline, Func<T> ours, double target)
        where T : class =>
        new Comparison<T>(name, baseline, ours, target, Meter.Allocated(baseline));
}

/// <inheritdoc/>
internal sealed class Comparison<T>(string name, Func<T> baseline, Func<T> ours, double target, long allocationTarget)
    : Comparison(name, target, allocationTarget)
{
    public override Measurement Measure(Meter meter) => meter.Compare(baseline, ours);
}
