using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Text;

/// <summary>Canonical forms, and fingerprints that every implementation must agree on.</summary>
public sealed class CanonicalFormTests
{
    [Theory]
    [InlineData("""{"type":"null"}""", "\"null\"", 7195948357588979594)]
    [InlineData("\"boolean\"", "\"boolean\"", -6970731678124411036)]
    [InlineData("\"int\"", "\"int\"", 8247732601305521295)]
    [InlineData("""{"type":"long","logicalType":"timestamp-micros"}""", "\"long\"", -3434872931120570953)]
    [InlineData("\"float\"", "\"float\"", 5583340709985441680)]
    [InlineData("\"double\"", "\"double\"", -8181574048448539266)]
    [InlineData("\"bytes\"", "\"bytes\"", 5746618253357095269)]
    [InlineData("\"string\"", "\"string\"", -8142146995180207161)]
    [InlineData("[]", "[]", -1241056759729112623)]
    [InlineData("""["int", {"type":"boolean"}]""", """["int","boolean"]""", 5392556393470105090)]
    [InlineData("""{"fields":[],"type":"record","name":"foo","doc":"d"}""", """{"name":"foo","type":"record","fields":[]}""", -4824392279771201922)]
    [InlineData("""{"fields":[],"type":"record","name":"foo","namespace":"x.y"}""", """{"name":"x.y.foo","type":"record","fields":[]}""", 5916914534497305771)]
    [InlineData("""{"fields":[],"type":"record","name":"a.b.foo","namespace":"x.y"}""", """{"name":"a.b.foo","type":"record","fields":[]}""", -4616218487480524110)]
    [InlineData(
        """{"fields":[{"type":"boolean","aliases":[],"name":"f1","default":true},{"order":"descending","name":"f2","doc":"Hello","type":"int"}],"type":"record","name":"foo"}""",
        """{"name":"foo","type":"record","fields":[{"name":"f1","type":"boolean"},{"name":"f2","type":"int"}]}""", -4860222112080293046)]
    [InlineData("""{"type":"enum","name":"foo","symbols":["A1"]}""", """{"name":"foo","type":"enum","symbols":["A1"]}""", -6342190197741309591)]
    [InlineData("""{"namespace":"x.y.z","type":"fixed","name":"foo","doc":"d","size":32}""", """{"name":"x.y.z.foo","type":"fixed","size":32}""", -3064184465700546786)]
    [InlineData("""{"items":{"type":"null"},"type":"array"}""", """{"type":"array","items":"null"}""", -589620603366471059)]
    [InlineData("""{"values":"string","type":"map"}""", """{"type":"map","values":"string"}""", -8732877298790414990)]
    [InlineData(
        """{"name":"PigValue","type":"record","fields":[{"name":"value","type":["null","int","long","PigValue"]}]}""",
        """{"name":"PigValue","type":"record","fields":[{"name":"value","type":["null","int","long","PigValue"]}]}""", -1759257747318642341)]
    public void CanonicalForm_AndFingerprint_AreTheSpecifications(string text, string form, long fingerprint)
    {
        var schema = AvroSchema.Parse(text);

        schema.CanonicalForm.ShouldBe(form);
        ((long)schema.Fingerprint()).ShouldBe(fingerprint);
    }

    [Fact]
    public void CanonicalForm_SpellsNamesInFull() =>
        AvroSchema.Parse("""{"type":"record","name":"A","namespace":"x","fields":[{"name":"a","type":["null","A"]}]}""")
            .CanonicalForm.ShouldBe("""{"name":"x.A","type":"record","fields":[{"name":"a","type":["null","x.A"]}]}""");

    [Fact]
    public void Fingerprint_OfEachAlgorithm_IsOfTheCanonicalForm()
    {
        var schema = AvroSchema.Parse("""{"type":"int"}""");

        // Little-endian, as single-object encoding has it.
        Convert.ToHexStringLower(schema.Fingerprint(AvroFingerprintAlgorithm.Crc64)).ShouldBe("8f5c393f1ad57572");
        Convert.ToHexStringLower(schema.Fingerprint(AvroFingerprintAlgorithm.Md5)).ShouldBe("ef524ea1b91e73173d938ade36c1db32");
        Convert.ToHexStringLower(schema.Fingerprint(AvroFingerprintAlgorithm.Sha256))
            .ShouldBe("3f2b87a9fe7cc9b13835598c3981cd45e3e355309e5090aa0933d7becb6fba45");
    }
}
