// The same boxes and arrows as the portal's drawing, with nothing but what React Flow brings: its quick start.
import '@xyflow/react/dist/style.css';
import { type Edge, MarkerType, type Node, Position, ReactFlow, useEdgesState, useNodesState } from '@xyflow/react';
import { createRoot } from 'react-dom/client';

interface Flow {
  nodes: { id: string; name: string; x: number; y: number }[];
  edges: { source: string; target: string }[];
  width: number;
  height: number;
  view: { x: number; y: number; zoom: number };
}

function Bare({ flow }: { flow: Flow }) {
  const [nodes, , onNodesChange] = useNodesState<Node>(
    flow.nodes.map(({ id, name, x, y }) => ({
      id,
      position: { x, y },
      data: { label: name },
      width: 150,
      height: 58,
      sourcePosition: Position.Right,
      targetPosition: Position.Left,
    })),
  );
  const [edges, , onEdgesChange] = useEdgesState<Edge>(
    flow.edges.map(({ source, target }, index) => ({
      id: `e${index}`,
      source,
      target,
      markerEnd: { type: MarkerType.ArrowClosed },
    })),
  );
  return (
    <div style={{ width: flow.width, height: flow.height }}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        defaultViewport={flow.view}
        minZoom={0.05}
      />
    </div>
  );
}

const flow = (await (await fetch('./flow.json')).json()) as Flow;
const place = document.querySelector('#root');
if (place) createRoot(place).render(<Bare flow={flow} />);
