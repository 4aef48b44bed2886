using System.CommandLine;

namespace SchemaStream.Cli.Groups;

/// <summary><c>schemastream groups</c>.</summary>
internal static class GroupsCommand
{
    public const string Name = "groups";

    public static Command Create() => new FriendlyCommand(Name, "Shows consumer groups with their lag, sets their offsets, deletes them.")
    {
        ListCommand.Create(),
        DescribeCommand.Create(),
        MembersCommand.Create(),
        ResetCommand.Create(),
        DeleteCommand.Create(),
    };

    public static Argument<string> Group() => new("GROUP") { Description = "The consumer group" };
}
