using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Tests;

/// <summary>Data of other programs' schemas, read by generated code and a plan: what the code compiled for the pair makes of it.</summary>
public sealed class EvolutionTests
{
    private const int SchemasPerType = 25;
    private const int PayloadsPerSchema = 4;

    public static TheoryData<string> Names() => SameAsRuntimeTests.Names();

    [Theory]
    [MemberData(nameof(Names))]
    public void Data_OfAnotherSchema_IsReadAsTheCompiledResolutionReadsIt(string name)
    {
        var pair = Contracts.PairOf(Contracts.Types().Single(type => type.ToString() == name));
        for (var seed = 0; seed < SchemasPerType; seed++)
        {
            var writer = MutatedSchema.Of(pair.Schema, seed);
            for (var i = 0; i < PayloadsPerSchema; i++)
            {
                var payload = RandomPayload.Of(writer, seed + i);

                Outcome(pair, payload, writer, Reading.Generated).ShouldBe(
                    Outcome(pair, payload, writer, Reading.Compiled), $"seed {seed}, {i}: {writer.ToJson()}");
            }
        }
    }

    [Fact]
    public void Schema_ThatCannotBeRead_IsRefusedWithEveryReason()
    {
        var writer = AvroSchema.Parse("""{"type":"record","name":"Money","fields":[{"name":"Amount","type":"string"}]}""");

        var refusal = Should.Throw<AvroSchemaException>(() => AvroDeserializer.FromContract<Shapes.Money>(writer)).Message;

        refusal.ShouldStartWith("Data of Money cannot be read as Money: ");
        refusal.ShouldContain("READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1");
    }

    private static string Outcome(IContractPair pair, byte[] payload, AvroSchema writer, Reading reading)
    {
        try
        {
            return Convert.ToHexString(pair.Again(payload, writer, reading, writesGenerated: true));
        }
        catch (AvroDataException)
        {
            return "faulty data";
        }
        catch (AvroSchemaException)
        {
            return "no way to read";
        }
    }
}
