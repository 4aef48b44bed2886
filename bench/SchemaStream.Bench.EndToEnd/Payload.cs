using SchemaStream.Avro;

namespace SchemaStream.Bench.EndToEnd;

/// <summary>A reading of some machine: a few numbers, and text that brings it to its size.</summary>
[AvroName("Reading", Namespace = "bench")]
public sealed record Reading(long Id, string Machine, double Value, bool IsAlarm, string Note);

/// <summary>Records of about 100 bytes and 1 KB as Avro.</summary>
internal static class Payload
{
    /// <summary>Bytes of all but the note: prefix, numbers, machine's name.</summary>
    private const int Fixed = 34;

    public static Reading[] Make(int bytes) =>
        [.. Enumerable.Range(0, 512).Select(n => new Reading(1_000_000 + n, $"machine-{n % 10:D4}", n * 0.5, n % 7 == 0, new string('x', bytes - Fixed)))];
}
