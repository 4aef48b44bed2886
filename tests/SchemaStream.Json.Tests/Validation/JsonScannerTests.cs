using System.Text;
using System.Text.Json;
using SchemaStream.Json.Tests.Serialization;
using SchemaStream.Json.Tests.Types;
using SchemaStream.Json.Validation;
using Xunit.Abstractions;

namespace SchemaStream.Json.Tests.Validation;

/// <summary>What is JSON, and what is not: the framework's reader is the judge.</summary>
public sealed class JsonScannerTests(ITestOutputHelper output)
{
    private const int Depth = 64;

    private static readonly JsonSchemaValidator Anything = new(JsonSchema.Parse("{}"), Depth);

    [Theory]
    [InlineData("1")]
    [InlineData(" [ ] ")]
    [InlineData("\t{\r\n}\n")]
    [InlineData("[1,-0,0.5,-1.25e+10,1E-3,0e0]")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("+1")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\":1}}")]
    [InlineData("[1}")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\u12G4\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"a\tb\"")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"")]
    [InlineData("\"")]
    [InlineData("tru")]
    [InlineData("nul l")]
    [InlineData("truex")]
    [InlineData("// a comment\n1")]
    [InlineData("\u00A01")]
    public void Text_IsJson_IfTheFrameworksReaderSaysSo(string text) => Agree(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void DamagedTexts_AreJson_IfTheFrameworksReaderSaysSo()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (serializer, values) = (new JsonSchemaSerializer<Purchase>(), new RandomValues(random));
        var letters = "{}[]\",:\\u0e-+.1 tfn\n"u8.ToArray();
        var valid = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 20 == 0 ? Codec.Write(serializer, values.Purchase()) : new byte[random.Next(1, 12)];
            for (var damage = i % 20 == 0 ? random.Next(3) : bytes.Length; damage > 0; damage--)
            {
                bytes[i % 20 == 0 ? random.Next(bytes.Length) : damage - 1] = letters[random.Next(letters.Length)];
            }

            valid += Agree(bytes) ? 1 : 0;
        }

        valid.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData(Depth)]
    [InlineData(Depth + 1)]
    public void Depth_IsCountedAsTheReaderDoes(int depth) =>
        Agree(Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth)));

    private static bool Agree(byte[] text)
    {
        var isJson = IsJson(text);
        (Anything.Validate(text) is null).ShouldBe(isJson, Encoding.UTF8.GetString(text));
        return isJson;
    }

    private static bool IsJson(byte[] text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Depth });
            while (reader.Read())
            {
                // To its end.
            }

            return System.Text.Unicode.Utf8.IsValid(text);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
