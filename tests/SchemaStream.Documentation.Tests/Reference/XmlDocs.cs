using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SchemaStream.Documentation.Tests.Reference;

/// <summary>What the code says of its members, as the compiler wrote it beside the assembly.</summary>
internal static partial class XmlDocs
{
    private static readonly Dictionary<string, XDocument> Files = [];

    /// <summary>The summary as a line of Markdown.</summary>
    public static string Summary(MemberInfo member)
    {
        var prefix = member is PropertyInfo ? 'P' : 'F';
        var name = $"{prefix}:{member.DeclaringType!.FullName}.{member.Name}";
        var file = Path.ChangeExtension(member.DeclaringType.Assembly.Location, ".xml");
        XDocument document;
        lock (Files)
        {
            document = Files.TryGetValue(file, out var known) ? known : Files[file] = XDocument.Load(file);
        }

        var summary = document.Descendants("member").SingleOrDefault(each => each.Attribute("name")!.Value == name)?.Element("summary");
        return summary is null ? "" : Blanks().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { Value: var reference } => $"`{reference[(reference.LastIndexOf('.') + 1)..]}`",
        XElement other => other.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
