using System.CommandLine;
using SchemaStream.Analyzers.Locks;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas lock</c>: writes <c>schemas.lock</c> from a compiled program.</summary>
internal static class LockCommand
{
    public static Command Create()
    {
        var assembly = new Option<FileInfo>("--assembly")
        {
            Description = "The program or library that was built, with what it needs beside it", HelpName = "FILE", Required = true,
        };
        var file = new Option<FileInfo>("--file")
        {
            Description = "The lock file; compatibility levels that it has are kept", HelpName = "FILE",
            DefaultValueFactory = _ => new FileInfo(SchemaLock.FileName),
        };
        var check = new Option<bool>("--check") { Description = "Writes nothing: fails when the file is not up to date" };
        var command = new Command("lock", "Writes schemas.lock: the schemas of a program's topics and [SchemaStreamContract] types.")
        {
            assembly, file, check,
        };
        command.SetAction(arguments => Run(
            arguments.GetValue(assembly)!.FullName, arguments.GetValue(file)!.FullName, arguments.GetValue(check), Console.Out, Console.Error));
        return command;
    }

    /// <summary>Does what the command line says.</summary>
    public static int Run(string assembly, string file, bool isCheck, TextWriter output, TextWriter errors)
    {
        try
        {
            var before = File.Exists(file) ? File.ReadAllText(file) : "";
            var levels = before.Length == 0 ? [] : SchemaLock.Read(before);
            var entries = ProgramContracts.Of(assembly)
                .Select(entry => levels.Find(known => known.Name == entry.Name) is { } known ? entry with { Compatibility = known.Compatibility } : entry)
                .ToList();
            var after = SchemaLock.Write(entries);
            if (after == before)
            {
                output.WriteLine($"{file} is up to date: {entries.Count} contracts");
                return ExitCodes.Done;
            }

            if (isCheck)
            {
                errors.WriteLine($"schemas: {file} is not up to date; write it with 'schemastream schemas lock --assembly {assembly}'");
                return ExitCodes.Failed;
            }

            File.WriteAllText(file, after);
            output.WriteLine($"wrote {file}: {entries.Count} contracts");
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or BadImageFormatException or ProgramContractsException)
        {
            errors.WriteLine($"schemas: {e.Message}");
            return ExitCodes.Failed;
        }
    }
}
