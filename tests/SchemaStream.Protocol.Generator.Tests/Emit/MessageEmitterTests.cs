using System.Runtime.CompilerServices;
using SchemaStream.Protocol.Generator.Emit;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Tests.Emit;

/// <summary>
/// The generated text as it was last reviewed. After a wanted change run the tests once with UPDATE_SNAPSHOTS=1 and read
/// the difference.
/// </summary>
public sealed class MessageEmitterTests
{
    [Theory]
    [InlineData("PinTopic")]
    [InlineData("PinRecord")]
    public void Emit_OfAReviewedDefinition_IsTheReviewedText(string name)
    {
        var message = DefinitionParser.Parse(File.ReadAllText(Snapshot(name + ".msg"))).Messages[0];
        var actual = MessageEmitter.Emit(message, "Acme.Pins", hasResponse: false);
        var path = Snapshot(name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, actual);
        }

        actual.ShouldBe(File.ReadAllText(path));
    }

    [Fact]
    public void Emit_WhenARequestHasItsResponse_SaysSoInItsType() =>
        MessageEmitter.Emit(DefinitionParser.Parse("request 1 A versions 0").Messages[0], "Acme", hasResponse: true)
            .ShouldContain("class ARequest : global::SchemaStream.Protocol.IRequestMessage<AResponse>");

    private static string Snapshot(string name, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "Snapshots", name);
}
