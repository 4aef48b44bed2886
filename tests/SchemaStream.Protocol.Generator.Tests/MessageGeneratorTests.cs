using Microsoft.CodeAnalysis;

namespace SchemaStream.Protocol.Generator.Tests;

public sealed class MessageGeneratorTests
{
    private const string Pin = "request 900 Pin versions 0-1\n  Topic string\nresponse 900 Pin versions 0-1\n  ErrorCode error\n";
    private const string Cut = "request 901 Cut versions 0-1\n  Topic string\nresponse 901 Cut versions 0-1\n  ErrorCode error\n";

    [Fact]
    public void Run_MakesOneFileOfEachMessageInTheNamespaceOfItsFolder()
    {
        var result = Generation.Of(("/src/Acme/Wire/Messages/900-Pin.msg", Pin)).Run();

        result.Diagnostics.ShouldBeEmpty();
        result.GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath)).Order(StringComparer.Ordinal).ShouldBe([
            "Acme.Wire.Messages.900-Pin.PinRequest.g.cs",
            "Acme.Wire.Messages.900-Pin.PinResponse.g.cs",
            "MessageCatalog.g.cs",
        ]);
        result.GeneratedTrees[0].ToString().ShouldContain("namespace Acme.Wire.Messages;");
    }

    [Fact]
    public void Run_WritesTextThatIsCSharp() =>
        Generation.Of(("/src/Acme/Wire/Messages/900-Pin.msg", Pin)).Run().GeneratedTrees
            .SelectMany(tree => tree.GetDiagnostics()).ShouldBeEmpty();

    [Fact]
    public void Run_WhenOnlyRecordsAreDefined_MakesNoCatalog() =>
        Generation.Of(("/src/Acme/Wire/Records/Pin.msg", "record 1 Pin versions 0\n  Topic string\n")).Run()
            .GeneratedTrees.ShouldHaveSingleItem();

    [Fact]
    public void Run_WhenALineIsWrong_PointsAtItAndGeneratesNothingOfThatFile()
    {
        var result = Generation.Of(
            ("/src/Acme/Wire/Messages/900-Pin.msg", "request 900 Pin versions 0-1\n  Topic strong\n"),
            ("/src/Acme/Wire/Messages/901-Cut.msg", Cut)).Run();

        var diagnostic = result.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe("SSP001");
        diagnostic.Severity.ShouldBe(DiagnosticSeverity.Error);
        var span = diagnostic.Location.GetLineSpan();
        span.Path.ShouldBe("/src/Acme/Wire/Messages/900-Pin.msg");
        (span.StartLinePosition.Line, span.StartLinePosition.Character).ShouldBe((1, 8));
        result.GeneratedTrees.ShouldNotContain(tree => tree.FilePath.Contains("Pin", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_WhenTwoFilesDefineOneClass_NamesBoth()
    {
        var diagnostic = Generation.Of(
            ("/src/Acme/Wire/Messages/900-Pin.msg", Pin),
            ("/src/Acme/Wire/Messages/901-Pin.msg", Pin)).Run().Diagnostics.First();

        diagnostic.Id.ShouldBe("SSP003");
        diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe("Acme.Wire.Messages.PinRequest is defined in /src/Acme/Wire/Messages/900-Pin.msg as well");
    }

    [Fact]
    public void Run_WhenOnlyCodeChanged_DoesNothingAnew()
    {
        var generation = Generation.Of(("/src/Acme/Wire/Messages/900-Pin.msg", Pin));
        generation.Run();

        generation.AddCode("class Other;");

        generation.Reasons(MessageGenerator.MessagesStep).ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
        generation.OutputReasons().ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Run_WhenSpacesOfADefinitionChanged_ReadsItButWritesNothingAnew()
    {
        var generation = Generation.Of(("/src/Acme/Wire/Messages/900-Pin.msg", Pin));
        generation.Run();

        generation.Change("/src/Acme/Wire/Messages/900-Pin.msg", "\n" + Pin.Replace("Topic string", "Topic    string", StringComparison.Ordinal));

        generation.Reasons(MessageGenerator.ParseStep).ShouldBe([IncrementalStepRunReason.Unchanged]);
        generation.OutputReasons().ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Run_WhenOneDefinitionChanged_WritesOnlyItsOwnFileAnew()
    {
        var generation = Generation.Of(
            ("/src/Acme/Wire/Messages/900-Pin.msg", Pin), ("/src/Acme/Wire/Messages/901-Cut.msg", Cut));
        generation.Run();

        generation.Change("/src/Acme/Wire/Messages/901-Cut.msg", Cut.Replace("  ErrorCode", "  Reason string\n  ErrorCode", StringComparison.Ordinal));

        generation.Reasons(MessageGenerator.MessagesStep).Order().ShouldBe([
            IncrementalStepRunReason.Modified,
            IncrementalStepRunReason.Cached,
            IncrementalStepRunReason.Cached,
            IncrementalStepRunReason.Unchanged,
        ], ignoreOrder: true);
        generation.Reasons(MessageGenerator.CatalogStep).ShouldAllBe(reason =>
            reason == IncrementalStepRunReason.Cached || reason == IncrementalStepRunReason.Unchanged);
    }
}
