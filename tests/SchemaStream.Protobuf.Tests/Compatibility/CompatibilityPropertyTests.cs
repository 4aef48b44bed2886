using System.Globalization;
using System.Text;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Compatibility;
using Xunit.Abstractions;

namespace SchemaStream.Protobuf.Tests.Compatibility;

/// <summary>
/// If BACKWARD says yes, what protoc writes with the old schema protoc reads with the new one, and nothing is lost.
/// Schemas and data are random, from a seed; values are such as both types of a field can hold, as the language's rules ask.
/// </summary>
public sealed class CompatibilityPropertyTests(ITestOutputHelper output) : IDisposable
{
    private const int PairsOfOneBatch = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("protobuf-pairs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>10,000 pairs: four batches of 500 to each of five seeds, one for each way from one syntax to another.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void WhereBackwardSaysYes_ProtocReadsAllThatItWrote(int seed)
    {
        var agreed = 0;
        foreach (var (old, now) in new[] { ("proto3", "proto3"), ("proto2", "proto2"), ("proto2", "proto3"), ("proto3", "proto2") })
        {
            var random = new Random(seed);
            var changes = new RandomChanges(random);
            var pairs = new List<(SchemaModel Old, SchemaModel New)>();
            while (pairs.Count < PairsOfOneBatch)
            {
                var schema = changes.Schema();
                pairs.Add((schema, changes.Change(schema)));
            }

            agreed += Judge(pairs, old, now, random);
        }

        output.WriteLine($"BACKWARD says yes to {agreed} of {4 * PairsOfOneBatch} pairs.");

        // Neither a check that refuses all nor changes that break nothing would tell anything.
        agreed.ShouldBeInRange(PairsOfOneBatch, PairsOfOneBatch * 3);
    }

    /// <summary>The judge has eyes: pairs that the check refuses do lose data.</summary>
    [Theory]
    [InlineData("int32", "", "sint32", "", "FIELD_SCALAR_KIND_CHANGED")]
    [InlineData("fixed32", "", "float", "", "FIELD_SCALAR_KIND_CHANGED")]
    [InlineData("string", "", "int32", "", "FIELD_SCALAR_KIND_CHANGED")]
    [InlineData("int32", "repeated", "int32", "", "FIELD_NUMERIC_LABEL_CHANGED")]
    [InlineData("bool", "repeated", "bool", "optional", "FIELD_NUMERIC_LABEL_CHANGED")]
    public void WhereBackwardSaysNo_TheJudgeSeesTheLoss(string old, string oldLabel, string now, string newLabel, string kind)
    {
        var (before, after) = (Single(old, oldLabel), Single(now, newLabel));
        Write("old", "proto3", [before]);
        Write("new", "proto3", [after]);
        ProtobufCompatibility.Check(Described("new", 0), Described("old", 0)).Select(found => $"{found.Kind} {found.Path}")
            .ShouldBe([$"{kind} #/P0/Root/1", $"{kind} #/P0/Root/2"]);

        var data = new RandomData(new Random(7), before, after).Root();
        data.Fields.ShouldNotBeEmpty();

        Lost([(0, before, after, data)], closedEnums: false).Count.ShouldBe(data.Fields.Count);

        static SchemaModel Single(string type, string label) => new()
        {
            Messages = [new MessageModel { Name = "Root", Fields = [new FieldModel(1, "a", type, label), new FieldModel(2, "b", type, label)] }],
            EnumValues = new() { [0] = "ZERO" },
        };
    }

    private int Judge(List<(SchemaModel Old, SchemaModel New)> pairs, string oldSyntax, string newSyntax, Random random)
    {
        Write("old", oldSyntax, [.. pairs.Select(static pair => pair.Old)]);
        Write("new", newSyntax, [.. pairs.Select(static pair => pair.New)]);
        var old = ProtocCodec.Describe(At("old"), "batch.proto");
        var now = ProtocCodec.Describe(At("new"), "batch.proto");
        var agreed = new List<(int Index, SchemaModel Old, SchemaModel New, MessageData Data)>();
        for (var i = 0; i < pairs.Count; i++)
        {
            if (ProtobufCompatibility.Check(Of(now, i), Of(old, i)).Count == 0)
            {
                agreed.Add((i, pairs[i].Old, pairs[i].New, new RandomData(random, pairs[i].Old, pairs[i].New).Root()));
            }
        }

        Lost(agreed, closedEnums: newSyntax == "proto2").ShouldBeEmpty();
        return agreed.Count;
    }

    private List<string> Lost(List<(int Index, SchemaModel Old, SchemaModel New, MessageData Data)> batch, bool closedEnums)
    {
        var text = new StringBuilder();
        foreach (var (index, old, _, data) in batch)
        {
            text.Append(CultureInfo.InvariantCulture, $"r{index} {{\n");
            data.Write(text, old.Root, old);
            text.Append("}\n");
        }

        var bytes = ProtocCodec.Encode(At("old"), "batch.proto", "b.Batch", text.ToString());
        var read = ProtocCodec.Decode(At("new"), "batch.proto", "b.Batch", bytes);
        return
        [
            .. from pair in batch
               let node = read.Messages[string.Create(CultureInfo.InvariantCulture, $"r{pair.Index}")].Single()
               from loss in DataJudge.Losses(pair.Old, pair.New, closedEnums, pair.Data, node)
               select $"pair {pair.Index}: {loss}\n{pair.Old.Text(pair.Index, "")}\nbecame\n{pair.New.Text(pair.Index, "")}",
        ];
    }

    private ProtoSchema Described(string side, int index) => Of(ProtocCodec.Describe(At(side), "batch.proto"), index);

    /// <summary>One of the batch's schemas as a schema of its own, as protoc understood it.</summary>
    private static ProtoSchema Of(FileDescriptorSet set, int index)
    {
        var shared = set.File.Single(static file => file.Name == "shared.proto");
        var batch = set.File.Single(static file => file.Name == "batch.proto");
        return ProtoSchema.FromFile(Alone(batch, index), [ProtoImport.FromFile("shared.proto", Alone(shared, index))]);
    }

    private static FileDescriptorProto Alone(FileDescriptorProto file, int index)
    {
        var alone = new FileDescriptorProto { Name = file.Name, Package = file.Package, MessageType = { file.MessageType[index] } };
        alone.Dependency.Add(file.Dependency);
        if (file.HasSyntax)
        {
            alone.Syntax = file.Syntax;
        }

        return alone;
    }

    private void Write(string side, string syntax, IReadOnlyList<SchemaModel> schemas)
    {
        Directory.CreateDirectory(At(side));
        var head = $"syntax = \"{syntax}\"; package b;\n";
        var label = syntax == "proto2" ? "optional " : "";
        File.WriteAllText(
            Path.Combine(At(side), "shared.proto"),
            head + string.Concat(schemas.Select((schema, index) => schema.SharedText(index, syntax))));
        File.WriteAllText(
            Path.Combine(At(side), "batch.proto"),
            $"{head}import \"shared.proto\";\n"
            + string.Concat(schemas.Select((schema, index) => schema.Text(index, syntax)))
            + "message Batch {\n"
            + string.Concat(schemas.Select((_, index) => FormattableString.Invariant($"{label}P{index}.Root r{index} = {index + 1};\n")))
            + "}\n");
    }

    private string At(string side) => Path.Combine(_folder, side);
}
