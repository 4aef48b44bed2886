using System.CommandLine;
using System.Globalization;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Avro.Schemas;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Schemas.Generating;
using SchemaStream.Cli.Schemas.Locking;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas generate</c>: C# types of a schema, or the schemas of an assembly.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var subject = new Argument<string?>("subject") { Description = "The subject whose schema becomes C# types", Arity = ArgumentArity.ZeroOrOne };
        var version = SubjectArguments.Version();
        var file = new Option<FileInfo?>("--file") { Description = "A schema file in the place of a subject", HelpName = "FILE" };
        var type = SubjectArguments.Type();
        var references = SubjectArguments.References();
        var space = new Option<string?>("--namespace") { Description = "The C# namespace of all types (default: each one's own of Avro)", HelpName = "NAME" };
        var target = new Option<FileInfo?>("--out") { Description = "The file to write (default: standard output)", HelpName = "FILE" };
        var assembly = new Option<FileInfo?>("--from-assembly")
        {
            Description = "A program or library that was built: its contracts' schemas are written, as `schemas lock` finds them", HelpName = "FILE",
        };
        var folder = new Option<DirectoryInfo?>("--dir") { Description = "The folder for the schemas of an assembly", HelpName = "DIR" };
        var command = new FriendlyCommand("generate", "Writes C# types from a schema, or the schemas of a C# assembly.")
        {
            subject, version, file, type, references, space, target, assembly, folder,
        };
        command.Validators.Add(result =>
        {
            var sources = (result.GetResult(subject)?.Tokens.Count > 0 ? 1 : 0) + (result.GetResult(file) is null ? 0 : 1) + (result.GetResult(assembly) is null ? 0 : 1);
            if (sources != 1)
            {
                result.AddError("One of a subject, --file and --from-assembly is expected.");
            }

            if (result.GetResult(assembly) is null != result.GetResult(folder) is null)
            {
                result.AddError("--from-assembly and --dir belong together.");
            }
        });
        return CommonOptions.Attach(command, async (context, cancellation) =>
        {
            if (context.Get(assembly) is { } program)
            {
                return await SchemasAsync(context, program.FullName, context.Get(folder)!.FullName, cancellation);
            }

            using var registry = context.OpenRegistry();
            var schema = context.Get(file) is { } local
                ? await SchemaText.OfFileAsync(registry, local, context.Get(type), context.Get(references), cancellation)
                : await SchemaText.OfAsync(
                    registry,
                    await RegistryLookup.VersionAsync(registry, context.Get(subject)!, SubjectArguments.ReadVersion(context.Get(version)), cancellation),
                    cancellation);
            return await TypesAsync(context, schema, context.Get(space), context.Get(target)?.FullName, cancellation);
        });
    }

    private static async Task<int> TypesAsync(CommandContext context, SchemaText schema, string? space, string? target, CancellationToken cancellationToken)
    {
        var code = Generate(schema, space);
        if (target is not null)
        {
            await File.WriteAllTextAsync(target, code.Text, cancellationToken);
        }

        context.Output.Line(target is null ? code.Text.TrimEnd() : $"wrote {target}: {string.Join(", ", code.Types)}");
        foreach (var difference in code.Differences)
        {
            context.Output.Warn(difference);
        }

        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("types");
            foreach (var name in code.Types)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("differences");
            foreach (var difference in code.Differences)
            {
                writer.WriteStringValue(difference);
            }

            writer.WriteEndArray();
            writer.WriteString("file", target);
            writer.WriteString("code", target is null ? code.Text : null);
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }

    private static CSharpCode Generate(SchemaText schema, string? space)
    {
        switch (schema.Format)
        {
            case SchemaFormat.Protobuf:
                throw ErrorCatalog.NotGenerated.Exception(
                    $"{schema.Name} is Protobuf.",
                    "C# classes of .proto files are protoc's, and SchemaStream takes those.",
                    "Save the text with `schemas show SUBJECT --raw`, and add the package Grpc.Tools and <Protobuf Include=\"…\" /> to the project.");
            case SchemaFormat.Json:
                throw ErrorCatalog.NotGenerated.Exception(
                    $"{schema.Name} is JSON Schema.",
                    "Most of what JSON Schema says has no C# type: classes of it are a choice that this program does not make.",
                    "Save the text with `schemas show SUBJECT --raw`; NJsonSchema.CodeGeneration.CSharp and quicktype make classes of it.");
        }

        try
        {
            return AvroCSharpGenerator.Generate(SchemaTexts.Avro(schema.Text, schema.Resolved), space);
        }
        catch (AvroSchemaException invalid)
        {
            throw ErrorCatalog.SchemaInvalid.Exception($"{schema.Name} is not a valid schema.", invalid.Message, inner: invalid);
        }
        catch (NoCSharpException none)
        {
            throw ErrorCatalog.NotGenerated.Exception($"{schema.Name} has no C# types.", none.Message, "Change the schema, or read its data as AvroRecord, which needs no type.", none);
        }
    }

    private static async Task<int> SchemasAsync(CommandContext context, string assembly, string folder, CancellationToken cancellationToken)
    {
        var files = new List<(string Name, string File)>();
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (entry, _, _) in ProgramContracts.Of(assembly, context.Output.Note))
            {
                var extension = entry.Format switch { LockEntry.Avro => ".avsc", LockEntry.Json => ".json", _ => ".proto" };
                var path = Path.Combine(folder, SchemaFolder.FileName(entry.Name.Replace('/', '-')) + extension);
                await File.WriteAllTextAsync(path, entry.Schema + "\n", cancellationToken);
                files.Add((entry.Name, path));
            }
        }
        catch (Exception e) when (e is ProgramContractsException or BadImageFormatException)
        {
            throw ErrorCatalog.FileUnusable.Exception("The assembly cannot be read.", e.Message, "Build the program, and name its assembly.", e);
        }

        context.Output.Table(["CONTRACT", "FILE"], [.. files.Select(IReadOnlyList<string> (each) => [each.Name, each.File])]);
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("schemas");
            foreach (var (name, path) in files)
            {
                writer.WriteStartObject();
                writer.WriteString("contract", name);
                writer.WriteString("file", path);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        context.Output.Note(string.Create(CultureInfo.InvariantCulture, $"{files.Count} schemas in {folder}"));
        return ExitCodes.Done;
    }
}
