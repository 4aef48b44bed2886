using System.CommandLine;
using SchemaStream.Cli.Schemas.Locking;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas</c>: what a registry holds, and the schemas that a program's code promises.</summary>
internal static class SchemasCommand
{
    public static Command Create() => new FriendlyCommand("schemas", "Shows, checks, registers, compares, copies and generates schemas.")
    {
        ListCommand.Create(),
        ShowCommand.Create(),
        VersionsCommand.Create(),
        CheckCommand.Create(),
        RegisterCommand.Create(),
        DiffCommand.Create(),
        ExportCommand.Create(),
        ImportCommand.Create(),
        GenerateCommand.Create(),
        LockCommand.Create(),
    };
}
