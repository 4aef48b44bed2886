using System.CommandLine;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary><c>schemastream schemas lock</c>: writes <c>schemas.lock</c> from a compiled program, and holds programs to it.</summary>
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
        var breaking = new Option<bool>("--breaking-only") { Description = "With --check: fails only when a change breaks what the file promises" };
        var force = new Option<bool>("--force") { Description = "Writes the file though a change breaks what it promises" };
        var command = new Command(
            "lock", "Writes schemas.lock: the schemas of a program's topics and [SchemaStreamContract] types; ends with 4 when a change breaks them.")
        {
            assembly, file, check, breaking, force,
        };
        command.SetAction(arguments => Run(
            new Request(
                arguments.GetValue(assembly)!.FullName,
                arguments.GetValue(file)!.FullName,
                arguments.GetValue(check) || arguments.GetValue(breaking),
                arguments.GetValue(breaking),
                arguments.GetValue(force)),
            Console.Out,
            Console.Error));
        return command;
    }

    /// <summary>Does what the command line says.</summary>
    public static int Run(Request request, TextWriter output, TextWriter errors)
    {
        try
        {
            var before = File.Exists(request.File) ? File.ReadAllText(request.File) : "";
            var promised = before.Length == 0 ? [] : SchemaLock.Read(before);
            var contracts = ProgramContracts.Of(request.Assembly, warning => errors.WriteLine($"schemas: {warning}"));
            var findings = LockCheck.Run(promised, contracts);
            if (findings.Any(finding => finding.IsBreaking) && !(request.IsForced && !request.IsCheck))
            {
                Tell(findings, request, errors);
                return ExitCodes.Refused;
            }

            var entries = contracts.Select(contract => contract.Entry)
                .Select(entry => promised.Find(known => known.Name == entry.Name) is { } known ? entry with { Compatibility = known.Compatibility } : entry)
                .ToList();
            var after = SchemaLock.Write(entries);
            if (after == before)
            {
                output.WriteLine($"{request.File} is up to date: {entries.Count} contracts");
                return ExitCodes.Done;
            }

            return request.IsCheck ? TellOutdated(findings, request, output, errors) : Write(entries.Count, after, request, output);
        }
        catch (CliException e)
        {
            errors.WriteLine($"schemas: {e.Message} {e.Error.Cause}");
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or BadImageFormatException or ProgramContractsException)
        {
            errors.WriteLine($"schemas: {e.Message}");
            return ExitCodes.Failed;
        }
    }

    private static int Write(int count, string text, Request request, TextWriter output)
    {
        File.WriteAllText(request.File, text);
        output.WriteLine($"wrote {request.File}: {count} contracts");
        return ExitCodes.Done;
    }

    private static int TellOutdated(IReadOnlyList<LockFinding> findings, Request request, TextWriter output, TextWriter errors)
    {
        foreach (var finding in findings)
        {
            output.WriteLine(finding.Message);
        }

        if (request.IsBreakingOnly)
        {
            output.WriteLine($"{request.File} is not up to date, and nothing breaks what it promises");
            return ExitCodes.Done;
        }

        errors.WriteLine($"schemas: {request.File} is not up to date; write it with 'schemastream schemas lock --assembly {request.Assembly}'");
        return ExitCodes.Failed;
    }

    /// <summary>In the form of compilers' errors, which builds and editors understand.</summary>
    private static void Tell(IReadOnlyList<LockFinding> findings, Request request, TextWriter errors)
    {
        using var places = SourcePlaces.Open(request.Assembly);
        foreach (var finding in findings.Where(finding => finding.IsBreaking))
        {
            var place = places.Of(finding.Contract.Type, finding.Member) ?? request.File;
            errors.WriteLine($"{place}: error {finding.Code}: {finding.Message}");
        }

        if (!request.IsCheck)
        {
            errors.WriteLine($"schemas: {request.File} stays as it is; --force writes what breaks its promises, too");
        }
    }

    /// <summary>What the command line asks for.</summary>
    /// <param name="Assembly">The program's assembly.</param>
    /// <param name="File">The lock file.</param>
    /// <param name="IsCheck">Whether nothing is written.</param>
    /// <param name="IsBreakingOnly">Whether a file that is not up to date passes, as long as its promises are kept.</param>
    /// <param name="IsForced">Whether promises may be broken.</param>
    public sealed record Request(string Assembly, string File, bool IsCheck = false, bool IsBreakingOnly = false, bool IsForced = false);
}
