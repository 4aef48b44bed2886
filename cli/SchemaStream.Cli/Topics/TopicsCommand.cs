using System.CommandLine;
using SchemaStream.Cli.Migrating;

namespace SchemaStream.Cli.Topics;

/// <summary><c>schemastream topics</c>.</summary>
internal static class TopicsCommand
{
    public const string Name = "topics";

    public static Command Create() => new FriendlyCommand(Name, "Shows, creates, changes, migrates and deletes topics.")
    {
        ListCommand.Create(),
        DescribeCommand.Create(),
        CreateCommand.Create(),
        AlterCommand.Create(),
        DeleteCommand.Create(),
        MigrateCommand.Create(),
    };
}
