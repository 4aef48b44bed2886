using System.CommandLine;
using SchemaStream.Cli.Migrating;

namespace SchemaStream.Cli.Topics;

/// <summary><c>schemastream topics</c>.</summary>
internal static class TopicsCommand
{
    public const string Name = "topics";

    public static Command Create() => new FriendlyCommand(Name, "Works on topics.") { MigrateCommand.Create() };
}
