using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace SchemaStream.Generators.Tests;

/// <summary>What the generator writes, what it says of code that it cannot take, and what it does not do again.</summary>
public sealed class ContractGeneratorTests
{
    private const string Order = "namespace Acme { [SchemaStreamContract] public sealed partial record Order(string Id, List<Line> Lines, int? Count); public sealed record Line(string Sku); }";

    [Fact]
    public void TypesWithoutANamespace_MayHaveAnyName()
    {
        var generation = Generation.Of(
            """
            [SchemaStreamContract] public sealed partial record R(W Written, IReadOnlyList<Items> Items, Times When, Numbers? Numbers, C C, Dictionary<string, Planned> Planned);
            public sealed record W(decimal? A);
            public sealed record Items(DateTimeOffset At);
            public sealed record Times(TimeSpan Elapsed, DateOnly Day);
            public sealed record Numbers(float X, Guid Id);
            public sealed record C(int X);
            public sealed record Planned(long X);
            """);

        generation.Run();

        generation.Compile().ShouldBeEmpty();
    }

    [Fact]
    public void Run_MakesAFileOfEachContractAndOneThatRegistersThem()
    {
        var generation = Generation.Of(Order);

        var files = generation.Run().GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath)).ToList();

        files.Count.ShouldBe(2);
        files[0].ShouldStartWith("AvroCodecOf_Acme_Order_");
        files[1].ShouldBe("AvroContracts.g.cs");
        generation.Compile().ShouldBeEmpty();
    }

    /// <summary>The generated text as it was last reviewed. After a wanted change run once with UPDATE_SNAPSHOTS=1 and read the difference.</summary>
    [Fact]
    public void Run_OfAReviewedType_IsTheReviewedText()
    {
        var actual = Generation.Of(
            """
            namespace Acme
            {
                public static partial class Shop
                {
                    [SchemaStreamContract]
                    internal sealed partial record Order(Guid Id, int Count, string? Note, Kind Kind, List<Line> Lines, IPaid? Paid, Order? Next);
                }

                public readonly record struct Line(string Sku, [AvroDecimal(18, 2)] decimal Price);
                public enum Kind { Small = 1, Large = 5 }
                [AvroUnion(typeof(Cash), typeof(Card))] public interface IPaid;
                public sealed record Cash : IPaid;
                public sealed class Card : IPaid { public required string @class { get; init; } }
            }
            """).Run().GeneratedTrees[0].ToString();
        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Snapshots", "Order.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, actual);
        }

        actual.ShouldBe(File.ReadAllText(path));
    }

    [Fact]
    public void Run_AfterAnEditElsewhere_WritesNothingAnew()
    {
        var generation = Generation.Of(Order);
        generation.Run();

        generation.Add("class Elsewhere;");

        generation.Reasons(Generation.ContractsStep).ShouldAllBe(reason => IsKept(reason));
        generation.Reasons(Generation.RegistrationStep).ShouldAllBe(reason => IsKept(reason));
        generation.OutputReasons().ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Run_AfterAnEditThatIsNotOfTheShape_WritesNothingAnew()
    {
        var generation = Generation.Of(Order);
        generation.Run();

        generation.Replace("// a comment\n" + Order.Replace("record Line(string Sku);", "record Line(string Sku) { public override string ToString() => Sku; }", StringComparison.Ordinal));

        generation.OutputReasons().ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Run_AfterAnEditOfAMembersType_WritesTheContractAnewAndNotTheRegistration()
    {
        var generation = Generation.Of(Order);
        generation.Run();

        generation.Replace(Order.Replace("Line(string Sku)", "Line(string Sku, long Weight)", StringComparison.Ordinal));

        generation.Reasons(Generation.ContractsStep).ShouldBe([IncrementalStepRunReason.Modified]);
        generation.Reasons(Generation.RegistrationStep).ShouldAllBe(reason => IsKept(reason));
    }

    [Fact]
    public void Run_OfTypesNamedAsKeywords_Compiles()
    {
        var generation = Generation.Of(
            """
            namespace Acme.@internal.@record
            {
                public static partial class @class
                {
                    [SchemaStreamContract]
                    public sealed partial record @event(int @int, @event? @new, List<@event>? @params, @enum @default);

                    public enum @enum { @true, @false }
                }
            }
            """);

        generation.Run();

        generation.Compile().ShouldBeEmpty();
    }

    [Fact]
    public void Run_OfAPartialTypeWithTheAttributeTwice_MakesOneFile()
    {
        var generation = Generation.Of("[SchemaStreamContract] public partial class A { public int X { get; set; } } [SchemaStreamContract] public partial class A;");

        generation.Run().GeneratedTrees.Length.ShouldBe(2);
        generation.Compile().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[SchemaStreamContract] public sealed record A(int X);", "SST001", "A has to be partial")]
    [InlineData("public class Outer { [SchemaStreamContract] public sealed partial record A(int X); }", "SST001", "Outer has to be partial: the other part has the generated code of A")]
    [InlineData("[SchemaStreamContract] public sealed partial record A(object X);", "SST002", "A.X is a Object, which has no Avro schema: any type could be there")]
    [InlineData("[SchemaStreamContract] public sealed partial record A(int[,] X);", "SST002", "only arrays of one dimension")]
    [InlineData("[SchemaStreamContract] public sealed partial record A(Dictionary<int, string> X);", "SST002", "Avro's maps have string keys")]
    [InlineData("[SchemaStreamContract] public sealed partial record A(Stack<int> X);", "SST002", "the collection cannot be made from its items")]
    [InlineData("[SchemaStreamContract] public sealed partial record A(IDisposable X);", "SST002", "an abstract type does not say which fields there are")]
    [InlineData("[SchemaStreamContract] public sealed partial record A(nint X);", "SST002", "there is no Avro type for it")]
    [InlineData("[SchemaStreamContract] public sealed partial record A(AttributeTargets X);", "SST002", "combinations of flags are no symbols")]
    [InlineData("[SchemaStreamContract] public sealed partial record A((int, int) X);", "SST002", "there is no Avro type for it")]
    [InlineData("[SchemaStreamContract] public partial class A { public int X { get; } }", "SST003", "X has no setter")]
    [InlineData("[SchemaStreamContract] public partial class A { public A(string other) { } public int X { get; set; } }", "SST003", "it needs a public constructor")]
    [InlineData("[SchemaStreamContract] public sealed partial record A([AvroName(\"a-b\")] int X);", "SST004", "\"a-b\" is not an Avro name")]
    [InlineData("[SchemaStreamContract] public sealed partial record A([AvroName(\"Y\")] int X, int Y);", "SST004", "two members with the Avro name \"Y\"")]
    [InlineData("[SchemaStreamContract] public sealed partial record A([AvroDefault(\"\\\"x\\\"\")] int X);", "SST005", "the default \"x\" is not a value of int")]
    [InlineData("public partial class Outer { [SchemaStreamContract] public sealed partial record A(Outer.B X); private sealed record B(int Y); }", "SST006", "B cannot be seen by generated code")]
    [InlineData("[SchemaStreamContract] file sealed partial record A(int X);", "SST006", "it is of one file; make it internal or public")]
    [InlineData("[SchemaStreamContract] public sealed partial record A<T>(T X);", "SST007", "[assembly: SchemaStreamContract(typeof(A<…>))]")]
    [InlineData("[SchemaStreamContract] public sealed partial record A([AvroDecimal(10, 2)] int X);", "SST008", "[AvroDecimal] is for decimals")]
    [InlineData("[SchemaStreamContract] public sealed partial record A([AvroDefault(\"{\")] int X);", "SST008", "[AvroDefault] takes JSON")]
    [InlineData("[SchemaStreamContract] public sealed partial record A([AvroFixed(15)] Guid X);", "SST008", "a Guid cannot be a fixed of 15 bytes")]
    [InlineData("[SchemaStreamContract] public sealed partial record A([AvroUnion(typeof(string))] IDisposable X);", "SST008", "String is no IDisposable")]
    public void Run_OfWhatHasNoCode_SaysWhyAtThePlace(string code, string id, string message)
    {
        var result = Generation.Of(code).Run();

        var diagnostic = result.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe(id);
        diagnostic.Severity.ShouldBe(DiagnosticSeverity.Error);
        diagnostic.GetMessage(CultureInfo.InvariantCulture).ShouldContain(message);
        diagnostic.Location.GetLineSpan().Path.ShouldBe("Code.cs");
        result.GeneratedTrees.ShouldBeEmpty();
    }

    [Fact]
    public void Run_WithSeveralWrongMembers_SaysSoAtEach()
    {
        var result = Generation.Of("[SchemaStreamContract] public sealed partial record A(object First, int Second, nint Third);").Run();

        result.Diagnostics.Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture).Split(' ')[0]).ShouldBe(["A.First", "A.Third"]);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static bool IsKept(IncrementalStepRunReason reason) =>
        reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;
}
