using System.Text;
using ICPO.Jinja.Syntax;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Rendering;

/// <summary>Renders a parsed template once.</summary>
internal sealed partial class TemplateRenderer
{
    private const int MaxDepth = 500;
    private const string TooDeep = "maximum recursion depth exceeded";

    private readonly StringBuilder _root = new();
    private readonly List<(int Start, int Length)> _generations = [];
    private readonly Arguments _noArguments;
    private StringBuilder _output;
    private Scope _top;
    private int _depth;

    /// <param name="budget">What the rendering counts against.</param>
    public TemplateRenderer(Budget budget)
    {
        Budget = budget;
        _noArguments = new([], [], budget);
        _output = _root;
        _top = new(null, budget);
    }

    /// <summary>How a body ended: a statement inside can leave the loop around it.</summary>
    public enum Flow
    {
        Normal,
        Break,
        Continue,
    }

    public Budget Budget { get; }

    /// <summary>The line being rendered, from 1; after an error, the line of the error.</summary>
    public int Line { get; private set; }

    /// <summary>Renders.</summary>
    /// <param name="frame">The parsed template.</param>
    /// <param name="variables">Variables and functions by name.</param>
    /// <returns>The text, and the spans of it that generation blocks produced: [start, end) in code points.</returns>
    /// <exception cref="TemplateFault">It fails, at <see cref="Line"/>.</exception>
    public (string Text, IReadOnlyList<(int Start, int End)> Generations) Render(
        Frame frame,
        IEnumerable<KeyValuePair<string, object?>> variables
    )
    {
        var globals = new Scope(null, Budget);
        foreach ((string name, object? value) in variables)
        {
            globals.Set(name, value);
        }

        _top = Open(frame, globals);
        Execute(frame.Body, _top);
        return Result();
    }

    /// <summary>Renders a body separately; returns its text and how it ended.</summary>
    public (string Text, Flow Flow) Capture(IReadOnlyList<Statement> body, Scope scope)
    {
        (StringBuilder? outside, StringBuilder? inside) = (_output, new StringBuilder());
        _output = inside;
        Flow flow = Execute(body, scope);
        _output = outside;
        return (inside.ToString(), flow);
    }

    private (string Text, IReadOnlyList<(int Start, int End)> Generations) Result()
    {
        string text = _root.ToString();
        var spans = new List<(int, int)>();
        (int at, int from) = (0, 0);
        foreach ((int start, int length) in _generations)
        {
            from += PythonText.Length(text.AsSpan(at, start - at), Budget);
            at = start;
            spans.Add((from, from + length));
        }

        return (text, spans);
    }

    private Flow Execute(Frame frame, Scope outer) => Execute(frame.Body, Open(frame, outer));

    /// <summary>The scope of a frame at its start.</summary>
    public Scope Open(Frame frame, Scope outer)
    {
        Budget.MakeTable();
        var scope = new Scope(outer, Budget);
        foreach (string name in frame.Names.Blank)
        {
            scope.Set(name, Undefined.Name(name));
        }

        return scope;
    }

    private Flow Execute(IReadOnlyList<Statement> body, Scope scope)
    {
        CallStack.Require(TooDeep);
        foreach (Statement statement in body)
        {
            Flow flow = Execute(statement, scope);
            if (flow != Flow.Normal)
            {
                return flow;
            }
        }

        return Flow.Normal;
    }

    private Flow Execute(Statement statement, Scope scope)
    {
        Budget.Evaluate();
        Line = statement.Line;
        switch (statement)
        {
            case Text text:
                Write(text.Value);
                return Flow.Normal;
            case Print print:
                Write(PythonText.Str(Evaluate(print.Value, scope), Budget));
                return Flow.Normal;
            case Assign assign:
                SetTarget(assign.Target, Evaluate(assign.Value, scope), scope);
                return Flow.Normal;
            case If choice:
                return Execute(PythonCompare.Truth(Evaluate(choice.Test, scope)) ? choice.Then : choice.Else, scope);
            case For loop:
                return Loop(loop, Evaluate(loop.Items, scope), scope, 0);
            case LoopControl control:
                return control.Break ? Flow.Break : Flow.Continue;
            case MacroDefinition macro:
                scope.Set(macro.Identifier!, new Macro(macro, scope, this));
                return Flow.Normal;
            case AssignBlock block:
                (string? content, Flow ended) = Capture(block.Body.Body, Open(block.Body, scope));
                if (ended == Flow.Normal)
                {
                    SetTarget(block.Target, block.Filters is null ? content : EvaluateChain(block.Filters, content, scope), scope);
                }

                return ended;
            case FilterBlock block:
                (string Text, Flow Flow) captured = Capture(block.Body.Body, Open(block.Body, scope));
                if (captured.Flow == Flow.Normal)
                {
                    WriteText(EvaluateChain(block.Filters, captured.Text, scope));
                }

                return captured.Flow;
            case CallBlock block:
                var caller = KeyValuePair.Create("caller", (object?)new Macro(block.Caller, scope, this));
                Arguments arguments = EvaluateArguments(block.Call.Arguments, scope);
                WriteText(Invoke(Evaluate(block.Call.Target, scope), arguments with { Named = [.. arguments.Named, caller] }));
                return Flow.Normal;
            case With with:
                Scope inner = Open(with.Body, scope);
                foreach ((Expression? target, Expression? value) in with.Values)
                {
                    SetTarget(target, Evaluate(value, scope), inner);
                }

                return Execute(with.Body.Body, inner);
            case Block block:
                return Execute(block.Body, block.Scoped ? scope : _top);
            case Generation generation:
                int start = _root.Length;
                string generated = Capture(generation.Body.Body, Open(generation.Body, scope)).Text;
                _generations.Add((start, PythonText.Length(generated, Budget)));
                Write(generated);
                return Flow.Normal;
            default:
                throw new TemplateFault($"the statement {statement.GetType().Name} is not supported");
        }
    }

    /// <summary>Writes the result of a filter or call block, which Jinja2 does not convert to text.</summary>
    private void WriteText(object? value) =>
        Write(PythonText.AsText(value) ?? throw new TemplateFault($"expected str instance, {PythonText.TypeName(value)} found"));

    private void Write(string text)
    {
        Budget.Make(text.Length);
        _output.Append(text);
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new TemplateFault(TooDeep);
        }

        CallStack.Require(TooDeep);
    }
}
