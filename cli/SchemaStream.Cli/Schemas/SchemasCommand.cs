using System.CommandLine;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas</c>: the schemas that a program's code promises.</summary>
internal static class SchemasCommand
{
    public static Command Create() => new("schemas", "Works on the schemas that a program's C# types have.") { LockCommand.Create() };
}
