using System.Text;

namespace SchemaStream.Avro.Text;

/// <summary>Where the parser is in a JSON text; spelled out only when something is wrong there.</summary>
internal sealed class JsonPath
{
    public static readonly JsonPath Root = new(null, "$");

    private readonly JsonPath? _parent;
    private readonly string _step;

    private JsonPath(JsonPath? parent, string step)
    {
        _parent = parent;
        _step = step;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    public int Depth { get; }

    public JsonPath Member(string name) => new(this, "." + name);

    public JsonPath Item(int index) => new(this, $"[{index}]");

    public override string ToString()
    {
        var steps = new Stack<string>();
        for (var path = this; path is not null; path = path._parent)
        {
            steps.Push(path._step);
        }

        return new StringBuilder().AppendJoin("", steps).ToString();
    }
}
