extern alias generators;

using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using generators::SchemaStream.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Schemas.Generating;

namespace SchemaStream.Cli.Tests.Schemas;

/// <summary>C# types of schemas, compiled: their own schemas are those that they were made from, and data goes through them.</summary>
public sealed class GeneratedTypesTests
{
    private const string Everything =
        """
        {"type": "record", "name": "Order", "namespace": "acme.shop", "doc": "An <order> of \"ours\".", "aliases": ["OldOrder", "old.Order"], "fields": [
          {"name": "order_id", "type": "long", "doc": "The id."},
          {"name": "class", "type": "string", "default": "a\"b\\c"},
          {"name": "Order", "type": "int", "default": -5, "order": "descending"},
          {"name": "note", "type": ["null", "string"], "default": null, "aliases": ["remark"]},
          {"name": "flag", "type": ["boolean", "null"], "default": true},
          {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}},
          {"name": "tax", "type": ["null", {"type": "fixed", "name": "Tax", "size": 8, "logicalType": "decimal", "precision": 12, "scale": 3}], "default": null},
          {"name": "hash", "type": {"type": "fixed", "name": "Hash", "namespace": "acme.other", "size": 16}},
          {"name": "exact", "type": {"type": "bytes", "logicalType": "big-decimal"}},
          {"name": "who", "type": {"type": "string", "logicalType": "uuid"}},
          {"name": "day", "type": {"type": "int", "logicalType": "date"}},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "at_micros", "type": {"type": "long", "logicalType": "timestamp-micros"}, "default": 0},
          {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
          {"name": "time", "type": {"type": "int", "logicalType": "time-millis"}},
          {"name": "length", "type": {"type": "fixed", "name": "Length", "size": 12, "logicalType": "duration"}},
          {"name": "ratio", "type": "double", "default": 1.5},
          {"name": "weight", "type": "float", "default": 0.25},
          {"name": "raw", "type": "bytes", "default": "\u00ff"},
          {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["OPEN", "event", "PAID"], "default": "OPEN"}, "default": "event"},
          {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "namespace": "acme.parts", "fields": [
            {"name": "sku", "type": "string"}, {"name": "parent", "type": ["null", "Line"], "default": null}]}}, "default": []},
          {"name": "amounts", "type": {"type": "map", "values": {"type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 1}}},
          {"name": "optional_texts", "type": {"type": "array", "items": ["null", "string"]}},
          {"name": "payment", "type": ["null", "acme.parts.Line", "string", "long"], "default": null},
          {"name": "choice", "type": ["string", "Status", {"type": "array", "items": "int"}]}
        ]}
        """;

    [Fact]
    public void TypesOfEveryKind_HaveTheSchemaThatTheyAreMadeFrom()
    {
        var schema = AvroSchema.Parse(Everything);

        var code = AvroCSharpGenerator.Generate(schema);

        code.Differences.ShouldBeEmpty();
        var type = Compile(code.Text).GetType("acme.shop.Order").ShouldNotBeNull();
        AvroSchema.FromType(type).ToJson().ShouldBe(schema.ToJson());
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(38, 9)]
    [InlineData(38, 28)]
    public void DecimalsOfMoreDigitsThanCSharpHas_KeepTheirSchema(int precision, int scale)
    {
        var schema = AvroSchema.Parse(
            $$$"""
            {"type": "record", "name": "R", "namespace": "acme", "fields": [
              {"name": "sum", "type": {"type": "bytes", "logicalType": "decimal", "precision": {{{precision}}}, "scale": {{{scale}}}}},
              {"name": "total", "type": {"type": "fixed", "name": "Total", "size": 16, "logicalType": "decimal", "precision": {{{precision}}}, "scale": {{{scale}}}}}]}
            """);

        var code = AvroCSharpGenerator.Generate(schema);

        code.Differences.ShouldBe(
        [
            $"acme.R.sum: of a decimal of {precision} digits, values of more than C#'s 28 or 29 are refused",
            $"acme.R.total: of a decimal of {precision} digits, values of more than C#'s 28 or 29 are refused",
        ]);
        AvroSchema.FromType(Compile(code.Text).GetType("acme.R").ShouldNotBeNull()).ToJson().ShouldBe(schema.ToJson());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Data_GoesThroughThem_AndThroughTheirGeneratedCode(bool isGenerated)
    {
        var schema = AvroSchema.Parse(Everything);
        var codec = SchemaCodecs.Create(SchemaFormat.Avro, Everything, [], JsonStyle.Readable);
        var bytes = codec.FromJson(Encoding.UTF8.GetBytes(
            """
            {"order_id": 1, "class": "c", "Order": 2, "note": "n", "flag": null, "price": "12.34", "tax": "-0.125", "hash": "0123456789abcdef", "exact": "\u0002\u000f\u0002",
             "who": "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "day": "2024-02-29", "at": "2024-02-29T12:00:00.123Z", "at_micros": 5, "local": "2024-02-29T12:00:00.000001",
             "time": "12:34:56.789", "length": {"months": 0, "days": 1, "millis": 5}, "raw": "\u0001", "status": "PAID", "weight": 1,
             "lines": [{"sku": "a", "parent": {"sku": "b"}}], "amounts": {"x": "1.5"}, "optional_texts": [null, "t"],
             "payment": {"acme.parts.Line": {"sku": "p"}}, "choice": {"array": [1, 2]}}
            """));
        var type = Compile(AvroCSharpGenerator.Generate(schema).Text, isGenerated).GetType("acme.shop.Order")!;
        type.GetInterfaces().Any(each => each.Name.StartsWith("IAvroContract", StringComparison.Ordinal)).ShouldBe(isGenerated);

        var again = (byte[])typeof(GeneratedTypesTests).GetMethod(nameof(ThroughType), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [bytes])!;

        again.ShouldBe(bytes);
    }

    [Fact]
    public void ANamespaceOfOnesOwn_KeepsTheAvroNames()
    {
        var schema = AvroSchema.Parse(Everything.Replace("acme.parts", "acme.shop", StringComparison.Ordinal));

        var type = Compile(AvroCSharpGenerator.Generate(schema, "My.Types").Text).GetType("My.Types.Order").ShouldNotBeNull();

        AvroSchema.FromType(type).ToJson().ShouldBe(schema.ToJson());
    }

    [Theory]
    [InlineData("""{"type": "record", "name": "R", "fields": [{"name": "a", "type": ["null", "int"]}]}""", "R.a: an optional field without a default gets the default null")]
    [InlineData("""{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int", "owner": "me"}]}""", "R.a: the attribute \"owner\" is not carried over")]
    [InlineData("""{"type": "record", "name": "R", "fields": [{"name": "a", "type": {"type": "bytes", "logicalType": "decimal", "precision": 60, "scale": 2}}]}""", "R.a: a decimal of 60 digits, 2 after the point, is more than C#'s has; it becomes its bytes")]
    public void WhatNoTypeSays_IsNamed(string schema, string difference)
    {
        var code = AvroCSharpGenerator.Generate(AvroSchema.Parse(schema));

        code.Differences.ShouldContain(difference);
        Compile(code.Text);
    }

    [Theory]
    [InlineData("""["null", "string"]""", "only records and enums")]
    [InlineData("""{"type": "record", "name": "R", "fields": [{"name": "a", "type": ["int", "null", "string"]}]}""", "null stands in the middle")]
    [InlineData("""{"type": "record", "name": "R", "fields": [{"name": "a", "type": ["int", {"type": "fixed", "name": "F", "size": 2}]}]}""", "which cannot be said of one branch alone")]
    [InlineData("""{"type": "record", "name": "R", "fields": [{"name": "a", "type": "null"}]}""", "null alone has no C# type")]
    public void WhatHasNoType_IsRefused(string schema, string reason) =>
        Should.Throw<NoCSharpException>(() => AvroCSharpGenerator.Generate(AvroSchema.Parse(schema))).Message.ShouldContain(reason);

    [Fact]
    public async Task OtherFormats_NameTheToolThatMakesThem()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "syntax = \"proto3\"; message A { }");
            var run = await CommandRun.OfAsync("schemas", "generate", "--file", file, "--type", "PROTOBUF", "--output", "json");
            run.ExitCode.ShouldBe(1);
            run.Result("error").GetProperty("error").GetProperty("nextStep").GetString()!.ShouldContain("Grpc.Tools");
            await File.WriteAllTextAsync(file, "{}");
            (await CommandRun.OfAsync("schemas", "generate", "--file", file, "--type", "JSON")).Errors.ShouldContain("NJsonSchema");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task SchemasOfAnAssembly_AreThoseOfItsContracts()
    {
        var folder = Directory.CreateTempSubdirectory("schemastream-generate-").FullName;
        try
        {
            var run = await CommandRun.OfAsync("schemas", "generate", "--from-assembly", typeof(GeneratedTypesTests).Assembly.Location, "--dir", folder, "--output", "json");

            run.ExitCode.ShouldBe(0, run.Output);
            var files = run.Result("schemas-generate").GetProperty("schemas").EnumerateArray().Select(each => each.GetProperty("file").GetString()!).ToList();
            files.ShouldContain(Path.Combine(folder, "lock-test-value.avsc"));
            AvroSchema.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "lock-test-key.avsc"))).FullName.ShouldEndWith("Place");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] ThroughType<T>(byte[] bytes)
    {
        var context = new SerializationContext("orders", RecordSlot.Value);
        var serializer = new AvroSerializer<T>();
        serializer.SchemaText.ShouldBe(AvroSchema.Parse(Everything).ToJson());
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        serializer.Serialize(new AvroDeserializer<T>(AvroSchema.Parse(Everything)).Deserialize(bytes, context), context, output);
        return output.WrittenSpan.ToArray();
    }

    private static Assembly Compile(string code, bool isGenerated = false)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "SchemaStream.Generators.dll") // its users' programs are not compiled against it
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        Compilation compilation = CSharpCompilation.Create(
            $"generated-{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(code, options)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        if (isGenerated)
        {
            CSharpGeneratorDriver.Create([new ContractGenerator().AsSourceGenerator()], parseOptions: options)
                .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out var told);
            told.ShouldBeEmpty(string.Join("\n", told));
        }

        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        emitted.Success.ShouldBeTrue(string.Join("\n", emitted.Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error)) + "\n" + code);
        image.Position = 0;
        return new AssemblyLoadContext("generated").LoadFromStream(image);
    }
}
