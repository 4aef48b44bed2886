using SchemaStream.Avro;

namespace SchemaStream.Generators.Tests;

/// <summary>Generated code is the code compiled at run time, written earlier: the same schema, bytes, values and faults.</summary>
public sealed class SameAsRuntimeTests
{
    private const int PayloadsPerType = 60;

    public static TheoryData<string> Names() => [.. Contracts.Types().Select(type => type.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void Schema_IsTheOneThatIsDerivedAtRunTime(string name)
    {
        var pair = PairOf(name);

        pair.GeneratedText.ShouldBe(pair.DerivedText);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_AreReadAndWrittenAsAtRunTime(string name)
    {
        var pair = PairOf(name);
        for (var seed = 0; seed < PayloadsPerType; seed++)
        {
            var payload = RandomPayload.Of(pair.Schema, seed);

            var expected = pair.Again(payload, pair.Schema, Reading.Compiled, writesGenerated: false);

            pair.Again(payload, pair.Schema, Reading.Compiled, writesGenerated: true).ShouldBe(expected, $"seed {seed}");
            pair.Again(payload, pair.Schema, Reading.Generated, writesGenerated: false).ShouldBe(expected, $"seed {seed}");
            pair.Again(payload, pair.Schema, Reading.Planned, writesGenerated: true).ShouldBe(expected, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_ThatAreBroken_AreTheSameFault(string name)
    {
        var pair = PairOf(name);
        var random = new Random(7);
        for (var seed = 0; seed < PayloadsPerType; seed++)
        {
            var payload = RandomPayload.Of(pair.Schema, seed);
            if (payload.Length == 0)
            {
                continue;
            }

            payload[random.Next(payload.Length)] = (byte)random.Next(256);
            payload = payload[..random.Next(payload.Length + 1)];

            var expected = Fault(pair, payload, Reading.Compiled);

            Fault(pair, payload, Reading.Generated).ShouldBe(expected, $"seed {seed}");
            (Fault(pair, payload, Reading.Planned) is null).ShouldBe(expected is null, $"seed {seed}");
        }
    }

    private static string? Fault(IContractPair pair, byte[] payload, Reading reading)
    {
        try
        {
            pair.Read(payload, pair.Schema, reading);
            return null;
        }
        catch (AvroDataException e)
        {
            return e.Message;
        }
    }

    private static IContractPair PairOf(string name) => Contracts.PairOf(Contracts.Types().Single(type => type.ToString() == name));
}
